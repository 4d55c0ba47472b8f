import {
  MOST_SUBJECTS,
  banSchema,
  furtherSubjects,
  holds,
  subjectsOf,
  type Ban,
  type BanKind,
  type BanSubject,
  type Marks,
} from '../../domain/bans';
import { BannedError } from '../../domain/banned-error';
import { DomainError } from '../../domain/error';
import { userIdOf } from '../../domain/users';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { BanStore } from './ban-store';
import { LiftedBans, type Lifting } from './lifted-bans';
import { bansHold, bansLifted } from './messages';

/** How often the bans are read again, in case a message of another node was lost. */
const READ_MS = 15_000;
/** Bans, or ids of lifted ones, in one message. */
const AT_ONCE = 200;

export interface BansDeps {
  readonly store: BanStore;
  readonly peers: PeerRegistry;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * The bans that hold, in memory on every node, so that a handshake asks no store. A ban is kept in the records first,
 * and then told to all nodes. A node that misses the message reads it from the records they share within seconds; nodes
 * with records of their own tell a node that joins. A ban that was lifted stays lifted, whoever missed it.
 */
export class Bans {
  private readonly byId = new Map<string, Ban>();
  /** Ids of bans by `kind mark`. */
  private readonly bySubject = new Map<string, Set<string>>();
  /** Ids of the bans in memory that the records have as well. */
  private readonly kept = new Set<string>();
  private readonly lifted = new LiftedBans();
  private readonly stops: (() => void)[];

  constructor(private readonly deps: BansDeps) {
    const { messenger, membership, clock, peers } = deps;
    messenger.onNotification(bansHold, ({ bans }, from) => {
      if (from !== messenger.self) for (const ban of bans) this.learnUnparsed(ban);
    });
    messenger.onNotification(bansLifted, ({ lifted }, from) => {
      if (from !== messenger.self) for (const lifting of lifted) this.learnLifted(lifting);
    });
    membership.on({ joined: (node) => this.tell(node) });
    // What was sent in the meantime is lost, by this node and to it.
    messenger.onRestored(() => this.tellAgain());
    // A peer who comes from another node may have been banned on the way.
    peers.on({ registered: (peer) => clock.after(0, () => this.dismissIfBanned(peer)) });
    this.stops = [clock.every(READ_MS, () => this.readLater())];
  }

  /**
   * Reads the bans of the records, and drops those in memory that the records say are lifted or gone. While the records
   * are away, what other nodes tell holds.
   */
  async read(): Promise<void> {
    const { store, clock } = this.deps;
    const now = clock.now();
    // A ban that comes while the records answer is not missing there.
    const before = [...this.byId.values()];
    const keptBefore = new Set(this.kept);
    const holding = await store.holding(now);
    for (const ban of holding) {
      this.apply(ban);
      if (this.byId.has(ban.id)) this.kept.add(ban.id);
    }
    const found = new Set(holding.map(({ id }) => id));
    for (const ban of before.filter(({ id }) => !found.has(id))) {
      if (!holds(ban, now) || keptBefore.has(ban.id)) await this.dropMissing(ban);
      else this.keepLater(ban);
    }
  }

  readLater(): void {
    this.read().catch((error: unknown) => {
      if (!isAway(error)) this.deps.reportError(error, 'the bans could not be read');
    });
  }

  get size(): number {
    return this.byId.size;
  }

  close(): void {
    for (const stop of this.stops.splice(0)) stop();
  }

  /** Bans that hold for somebody with these marks, the one that ends last first. */
  about(marks: Marks): Ban[] {
    const now = this.deps.clock.now();
    const ids = new Set(
      subjectsOf(marks).flatMap((subject) => [...(this.bySubject.get(keyOf(subject)) ?? [])]),
    );
    return [...ids]
      .flatMap((id) => this.byId.get(id) ?? [])
      .filter((ban) => holds(ban, now))
      .sort((one, other) => (other.endsAt ?? Infinity) - (one.endsAt ?? Infinity));
  }

  /** Throws `BannedError` for somebody whom a ban keeps out. A ban that follows its user learns the user's marks. */
  check(marks: Marks): void {
    const bans = this.about(marks);
    const [last] = bans;
    if (last === undefined) return;
    for (const ban of bans) this.follow(ban, marks);
    throw new BannedError(last, this.deps.clock.now());
  }

  /** Keeps a new ban, tells all nodes, and dismisses at once whoever it is about. */
  async impose(ban: Ban): Promise<Ban> {
    const kept = await this.keep(ban);
    if (kept.liftedAt !== null) return kept;
    const whole = this.byId.get(ban.id) ?? kept;
    this.tellAll([whole], []);
    return whole;
  }

  /** Throws `DomainError('not_found')`. */
  async lift(id: string): Promise<Ban> {
    const { store, clock } = this.deps;
    const ban = (await store.get(id)) ?? this.byId.get(id);
    if (ban === undefined) throw new DomainError('not_found', 'there is no such ban');
    const at = ban.liftedAt ?? clock.now();
    await store.lift(id, at);
    this.forgetLifted({ id, at });
    this.tellAll([], [{ id, at }]);
    return { ...ban, liftedAt: at };
  }

  latest(limit: number): Promise<Ban[]> {
    return this.deps.store.latest(limit);
  }

  private dismissIfBanned(peer: Peer): void {
    const { peers, clock } = this.deps;
    if (peers.get(peer.id) !== peer) return;
    const marks = marksOf(peer);
    const bans = this.about(marks);
    const [last] = bans;
    if (last === undefined) return;
    for (const ban of bans) this.follow(ban, marks);
    peer.send({ event: 'banned', data: new BannedError(last, clock.now()).ban });
    peers.dismiss(peer, 'banned');
  }

  private apply(ban: Ban): void {
    if (this.lifted.has(ban.id) || !holds(ban, this.deps.clock.now())) return;
    const known = this.byId.get(ban.id);
    // Two nodes at once may have added more than there is room for.
    const subjects = union(known?.subjects ?? [], ban.subjects).slice(0, MOST_SUBJECTS);
    if (known?.subjects.length === subjects.length) return;
    const whole = { ...ban, subjects };
    this.byId.set(ban.id, whole);
    for (const subject of subjects) {
      const key = keyOf(subject);
      this.bySubject.set(key, (this.bySubject.get(key) ?? new Set()).add(ban.id));
    }
    for (const peer of [...this.deps.peers.all()]) this.dismissIfBanned(peer);
  }

  private drop(id: string): void {
    const known = this.byId.get(id);
    if (known === undefined) return;
    this.byId.delete(id);
    this.kept.delete(id);
    for (const subject of known.subjects) {
      const ids = this.bySubject.get(keyOf(subject));
      ids?.delete(id);
      if (ids?.size === 0) this.bySubject.delete(keyOf(subject));
    }
  }

  /** A ban in memory that is over, or that the records do not say holds. */
  private async dropMissing({ id }: Ban): Promise<void> {
    this.drop(id);
    const at = (await this.deps.store.get(id))?.liftedAt ?? null;
    if (at !== null) this.forgetLifted({ id, at });
  }

  private forgetLifted(lifting: Lifting): void {
    this.lifted.add(lifting);
    this.drop(lifting.id);
  }

  /** Adds marks that a banned user shows up with to a ban that follows them. */
  private follow(ban: Ban, marks: Marks): void {
    const further = furtherSubjects(ban, marks);
    if (further.length === 0) return;
    this.extend(ban, further).catch((error: unknown) => {
      if (!isAway(error)) this.deps.reportError(error, 'a ban could not be extended');
    });
  }

  /** The records may know by now that the ban was lifted, or that it is gone. */
  private async extend(ban: Ban, further: readonly BanSubject[]): Promise<void> {
    const present = await this.deps.store.get(ban.id);
    const isGone = present === null && this.kept.has(ban.id);
    if (isGone || (present !== null && present.liftedAt !== null)) return this.dropMissing(ban);
    await this.impose({ ...ban, subjects: union(present?.subjects ?? ban.subjects, further) });
  }

  private learnUnparsed(sent: unknown): void {
    const { data, error } = banSchema.safeParse(sent);
    if (data !== undefined) this.learn(data);
    else this.deps.reportError(error, 'a ban of another node was not understood');
  }

  /** What another node says. It is kept here as well, where nodes have records of their own. */
  private learn(ban: Ban): void {
    const known = this.byId.get(ban.id);
    if (this.kept.has(ban.id) && union(known?.subjects ?? [], ban.subjects).length === known?.subjects.length)
      return;
    this.apply(ban);
    this.keepLater(ban);
  }

  private learnLifted(lifting: Lifting): void {
    if (this.lifted.has(lifting.id)) return;
    this.forgetLifted(lifting);
    this.deps.store.lift(lifting.id, lifting.at).catch((error: unknown) => this.notKept(error));
  }

  /** Keeps a ban, and goes on with what the records then say of it. */
  private async keep(ban: Ban): Promise<Ban> {
    const { store } = this.deps;
    await store.put(ban);
    const at = this.lifted.timeOf(ban.id);
    if (at !== undefined) await store.lift(ban.id, at);
    const kept = (await store.get(ban.id)) ?? ban;
    if (kept.liftedAt !== null) this.forgetLifted({ id: kept.id, at: kept.liftedAt });
    this.apply(kept);
    if (this.byId.has(kept.id)) this.kept.add(kept.id);
    return kept;
  }

  private keepLater(ban: Ban): void {
    this.keep(ban).catch((error: unknown) => this.notKept(error));
  }

  private notKept(error: unknown): void {
    if (!isAway(error)) this.deps.reportError(error, 'a ban of another node could not be kept');
  }

  private tellAll(bans: Ban[], lifted: Lifting[]): void {
    const { messenger } = this.deps;
    // What is lost is told again when the bus is back.
    if (bans.length > 0) messenger.notifyAll(bansHold, { bans }).catch(() => undefined);
    if (lifted.length > 0) messenger.notifyAll(bansLifted, { lifted }).catch(() => undefined);
  }

  private tell(node: string): void {
    const { messenger } = this.deps;
    for (const lifted of inParts(this.lifted.all())) messenger.notify(node, bansLifted, { lifted });
    for (const bans of inParts([...this.byId.values()])) messenger.notify(node, bansHold, { bans });
  }

  private tellAgain(): void {
    for (const lifted of inParts(this.lifted.all())) this.tellAll([], lifted);
    for (const bans of inParts([...this.byId.values()])) this.tellAll(bans, []);
    this.readLater();
  }
}

const inParts = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, part) =>
    items.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
  );

const keyOf = ({ kind, mark }: BanSubject): string => `${kind} ${mark}`;

const union = (some: readonly BanSubject[], others: readonly BanSubject[]): BanSubject[] => [
  ...new Map([...some, ...others].map((subject) => [keyOf(subject), subject])).values(),
];

/** Whether this only says that the records are away. */
export const isAway = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'records_unavailable';

/** Everything by which a connected peer may be banned. */
export function marksOf({ id, addressHash, origin }: Peer): Marks {
  return {
    // A further window of a browser is the user of the first one.
    users: [userIdOf(id)],
    ...(addressHash === null ? {} : { address: addressHash }),
    ...(origin === null ? {} : { ...origin }),
  };
}

/** The kinds that a ban of a user follows where nothing else is said: a new guest on the same device is the same user. */
export const FOLLOWS: readonly BanKind[] = ['device'];
