import {
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
import { banLifted, bansHold } from './messages';

/** How often the bans are read again, in case a message of another node was lost. */
const READ_MS = 15_000;
/** Bans in one message. */
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
 * with records of their own tell a node that joins.
 */
export class Bans {
  private readonly byId = new Map<string, Ban>();
  /** Ids of bans by `kind mark`. */
  private readonly bySubject = new Map<string, Set<string>>();
  private readonly stops: (() => void)[];

  constructor(private readonly deps: BansDeps) {
    const { messenger, membership, clock, peers } = deps;
    messenger.onNotification(bansHold, ({ bans }, from) => {
      if (from !== messenger.self) for (const ban of bans) this.learn(ban);
    });
    messenger.onNotification(banLifted, ({ id, at }, from) => {
      if (from !== messenger.self) this.learnLifted(id, at);
    });
    membership.on({ joined: (node) => this.tell(node) });
    // A peer who comes from another node may have been banned on the way.
    peers.on({ registered: (peer) => clock.after(0, () => this.dismissIfBanned(peer)) });
    this.stops = [clock.every(READ_MS, () => this.readLater())];
  }

  /** Reads the bans of the records. While these are away, what other nodes tell holds. */
  async read(): Promise<void> {
    const now = this.deps.clock.now();
    for (const ban of await this.deps.store.holding(now)) this.apply(ban);
    for (const ban of this.byId.values()) if (!holds(ban, now)) this.drop(ban);
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
    await this.deps.store.put(ban);
    this.apply(ban);
    this.tellAll([ban]);
    return this.byId.get(ban.id) ?? ban;
  }

  /** Throws `DomainError('not_found')`. */
  async lift(id: string): Promise<Ban> {
    const { store, clock } = this.deps;
    const ban = (await store.get(id)) ?? this.byId.get(id);
    if (ban === undefined) throw new DomainError('not_found', 'there is no such ban');
    const at = clock.now();
    await store.lift(id, at);
    this.drop(ban);
    this.deps.messenger.notifyAll(banLifted, { id, at }).catch(() => undefined);
    return { ...ban, liftedAt: ban.liftedAt ?? at };
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
    if (!holds(ban, this.deps.clock.now())) return;
    const known = this.byId.get(ban.id);
    const subjects = union(known?.subjects ?? [], ban.subjects);
    if (known?.subjects.length === subjects.length) return;
    const whole = { ...ban, subjects };
    this.byId.set(ban.id, whole);
    for (const subject of subjects) {
      const key = keyOf(subject);
      this.bySubject.set(key, (this.bySubject.get(key) ?? new Set()).add(ban.id));
    }
    for (const peer of [...this.deps.peers.all()]) this.dismissIfBanned(peer);
  }

  private drop(ban: Ban): void {
    const known = this.byId.get(ban.id);
    if (known === undefined) return;
    this.byId.delete(ban.id);
    for (const subject of known.subjects) {
      const ids = this.bySubject.get(keyOf(subject));
      ids?.delete(ban.id);
      if (ids?.size === 0) this.bySubject.delete(keyOf(subject));
    }
  }

  /** Adds marks that a banned user shows up with to a ban that follows them. */
  private follow(ban: Ban, marks: Marks): void {
    const further = furtherSubjects(ban, marks);
    if (further.length === 0) return;
    this.impose({ ...ban, subjects: union(ban.subjects, further) }).catch((error: unknown) => {
      if (!isAway(error)) this.deps.reportError(error, 'a ban could not be extended');
    });
  }

  /** What another node says. It is kept here as well, where nodes have records of their own. */
  private learn(ban: Ban): void {
    this.apply(ban);
    this.keep(() => this.deps.store.put(ban));
  }

  private learnLifted(id: string, at: number): void {
    const ban = this.byId.get(id);
    if (ban !== undefined) this.drop(ban);
    this.keep(() => this.deps.store.lift(id, at));
  }

  private keep(write: () => Promise<void>): void {
    write().catch((error: unknown) => {
      if (!isAway(error)) this.deps.reportError(error, 'a ban of another node could not be kept');
    });
  }

  private tellAll(bans: readonly Ban[]): void {
    this.deps.messenger.notifyAll(bansHold, { bans: [...bans] }).catch(() => undefined);
  }

  private tell(node: string): void {
    const bans = [...this.byId.values()];
    for (let at = 0; at < bans.length; at += AT_ONCE) {
      this.deps.messenger.notify(node, bansHold, { bans: bans.slice(at, at + AT_ONCE) });
    }
  }
}

const keyOf = ({ kind, mark }: BanSubject): string => `${kind} ${mark}`;

const union = (some: readonly BanSubject[], others: readonly BanSubject[]): BanSubject[] => [
  ...new Map([...some, ...others].map((subject) => [keyOf(subject), subject])).values(),
];

const isAway = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'records_unavailable';

/** Everything by which a connected peer may be banned. */
export function marksOf({ id, addressHash, origin }: Peer): Marks {
  return {
    // A further window of a browser is the user of the first one.
    users: [userIdOf(id)],
    ...(addressHash === null ? {} : { address: addressHash }),
    ...(origin === null ? {} : { device: origin.device, subnet: origin.subnet }),
  };
}

/** The kinds that a ban of a user follows where nothing else is said: a new guest on the same device is the same user. */
export const FOLLOWS: readonly BanKind[] = ['device'];
