import {
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
import { BanMemory, union } from './ban-memory';
import type { BanStore } from './ban-store';
import { LiftedBans, type Lifting } from './lifted-bans';
import { bansHold, bansLifted } from './messages';

/** How often the bans are read again, in case a message of another node was lost. */
const READ_MS = 15_000;
/** The more bans hold, the longer it takes to read them. A pause is this many times as long as the last reading. */
const REST = 20;
/** Bans that are read at once. */
const PAGE = 500;
/** Connected peers whose bans are asked for at once. */
const PEERS_AT_ONCE = 100;
/** Bans, or ids of lifted ones, in one message. */
const AT_ONCE = 200;

export interface BansDeps {
  readonly store: BanStore;
  readonly peers: PeerRegistry;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
  /** Left out: as large as on every node. */
  readonly memory?: BanMemory;
}

/**
 * The bans that hold, in memory on every node, so that a handshake asks no store. A ban is kept in the records first,
 * and then told to all nodes. A node that misses the message reads it from the records they share within seconds; nodes
 * with records of their own tell a node that joins. A ban that was lifted stays lifted, whoever missed it. Where more
 * bans hold than there is room for in memory, the records are asked about everybody who comes (`load`).
 */
export class Bans {
  private readonly memory: BanMemory;
  /** Whether memory has all bans of the records that hold. */
  private isWhole = false;
  private readonly lifted = new LiftedBans();
  private stopReading: (() => void) | undefined;
  private isClosed = false;

  constructor(private readonly deps: BansDeps) {
    const { messenger, membership, clock, peers } = deps;
    this.memory = deps.memory ?? new BanMemory();
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
    peers.on({ registered: (peer) => clock.after(0, () => void this.lookAt(peer)) });
    this.readAfter(READ_MS);
  }

  /**
   * Reads the bans of the records, and drops those in memory that the records say are lifted or gone. While the records
   * are away, what other nodes tell holds.
   */
  async read(): Promise<void> {
    const now = this.deps.clock.now();
    // A ban that comes while the records answer is not missing there.
    const before = this.memory.all().map((ban) => ({ ban, wasKept: this.memory.isKept(ban.id) }));
    const { found, isWhole } = await this.readHolding(now);
    this.isWhole = isWhole;
    for (const { ban, wasKept } of before.filter(({ ban: { id } }) => !found.has(id))) {
      if (holds(ban, now) && !wasKept) this.keepLater(ban);
      else if (isWhole) await this.dropMissing(ban);
      // Whoever it is about is looked up in the records when they come.
      else this.memory.drop(ban.id);
    }
    if (!isWhole) await this.lookAtAll();
  }

  readLater(): void {
    this.read().catch((error: unknown) => this.notRead(error));
  }

  /** Bans in memory: all that hold, or as many as there is room for. */
  get size(): number {
    return this.memory.size;
  }

  close(): void {
    this.isClosed = true;
    this.stopReading?.();
  }

  /**
   * Where memory may lack bans: fetches those about somebody with these marks, to be awaited before they are let in. While
   * the records are away, what is in memory holds.
   */
  async load(marks: Marks): Promise<void> {
    if (this.isWhole) return;
    const { clock } = this.deps;
    const before = this.about(marks).filter(({ id }) => this.memory.isKept(id));
    try {
      const found = await this.fetch(subjectsOf(marks));
      const missing = before.filter(({ id }) => !found.some((ban) => ban.id === id));
      for (const { id } of missing) {
        // The records have the ban without the marks that it has just learned, or do not have it any more.
        const present = await this.deps.store.get(id);
        if (present === null || !holds(present, clock.now())) this.memory.drop(id);
      }
      for (const ban of found) if (!holds(ban, clock.now())) this.memory.drop(ban.id);
    } catch (error) {
      if (!isAway(error)) this.deps.reportError(error, 'the bans of somebody could not be read');
    }
  }

  /** Bans that hold for somebody with these marks, the one that ends last first. */
  about(marks: Marks): Ban[] {
    return this.memory.about(subjectsOf(marks), this.deps.clock.now());
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
    const whole = this.memory.get(ban.id) ?? kept;
    this.tellAll([whole], []);
    return whole;
  }

  /** Throws `DomainError('not_found')`. */
  async lift(id: string): Promise<Ban> {
    const { store, clock } = this.deps;
    const ban = (await store.get(id)) ?? this.memory.get(id);
    if (ban === undefined) throw new DomainError('not_found', 'there is no such ban');
    const at = ban.liftedAt ?? clock.now();
    await store.lift(id, at);
    this.forgetLifted({ id, at });
    this.tellAll([], [{ id, at }]);
    return { ...ban, liftedAt: at };
  }

  /** The newest bans, those that are over included; of those that are older than `before`. */
  latest(limit: number, before?: Ban): Promise<Ban[]> {
    return this.deps.store.latest(limit, before);
  }

  get(id: string): Promise<Ban | null> {
    return this.deps.store.get(id);
  }

  /** Every ban about any of these since then, the newest first, those that are over included. */
  history(subjects: readonly BanSubject[], since: number): Promise<Ban[]> {
    return this.deps.store.about(subjects, since);
  }

  /** Reads a page at a time, so that no answer of the records is large. */
  private async readHolding(now: number): Promise<{ found: ReadonlySet<string>; isWhole: boolean }> {
    const { store } = this.deps;
    const found = new Set<string>();
    const droppedBefore = this.memory.droppedForRoom;
    let after: string | null = null;
    for (;;) {
      const page: readonly Ban[] = await store.holding(now, { after, limit: PAGE });
      for (const ban of page) {
        if (!this.memory.hasRoomFor(found.size + 1)) return { found, isWhole: false };
        this.applyKept(ban);
        found.add(ban.id);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE)
        return { found, isWhole: this.memory.droppedForRoom === droppedBefore };
      after = last.id;
    }
  }

  private readAfter(ms: number): void {
    if (this.isClosed) return;
    const { clock } = this.deps;
    this.stopReading = clock.after(ms, () => {
      const startedAt = clock.elapsed();
      const read = this.read().catch((error: unknown) => this.notRead(error));
      void read.then(() => this.readAfter(Math.max(READ_MS, REST * (clock.elapsed() - startedAt))));
    });
  }

  private notRead(error: unknown): void {
    if (!isAway(error)) this.deps.reportError(error, 'the bans could not be read');
  }

  /** What the records have about any of these. */
  private async fetch(subjects: readonly BanSubject[]): Promise<Ban[]> {
    const found = await this.deps.store.about(subjects, 0);
    for (const ban of found) this.applyKept(ban);
    return found;
  }

  private async lookAt(peer: Peer): Promise<void> {
    await this.load(marksOf(peer));
    this.dismissIfBanned(peer);
  }

  /** A message about a ban of a connected peer may have been lost, and memory has not the room for all bans. */
  private async lookAtAll(): Promise<void> {
    const all = [...this.deps.peers.all()];
    for (let at = 0; at < all.length; at += PEERS_AT_ONCE)
      await this.fetch(all.slice(at, at + PEERS_AT_ONCE).flatMap((peer) => subjectsOf(marksOf(peer))));
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
    const dropped = this.memory.droppedForRoom;
    if (!this.memory.add(ban)) return;
    if (this.memory.droppedForRoom > dropped) this.isWhole = false;
    for (const peer of [...this.deps.peers.all()]) this.dismissIfBanned(peer);
  }

  /** A ban as the records have it. */
  private applyKept(ban: Ban): void {
    this.apply(ban);
    this.memory.markKept(ban.id);
  }

  /** A ban in memory that is over, or that the records do not say holds. */
  private async dropMissing({ id }: Ban): Promise<void> {
    this.memory.drop(id);
    const at = (await this.deps.store.get(id))?.liftedAt ?? null;
    if (at !== null) this.forgetLifted({ id, at });
  }

  private forgetLifted(lifting: Lifting): void {
    this.lifted.add(lifting);
    this.memory.drop(lifting.id);
  }

  /** Adds marks that a banned user shows up with to a ban that follows them. */
  private follow(ban: Ban, marks: Marks): void {
    const further = furtherSubjects(ban, marks);
    if (further.length === 0) return;
    // In force at once for whoever comes while the records answer.
    this.memory.add({ ...ban, subjects: union(ban.subjects, further) });
    this.extendUntilKept(ban, further);
  }

  /** Memory has the marks already, so nothing else would try again. */
  private extendUntilKept(ban: Ban, further: readonly BanSubject[]): void {
    this.extend(ban, further).catch((error: unknown) => {
      if (!isAway(error)) return this.deps.reportError(error, 'a ban could not be extended');
      this.deps.clock.after(READ_MS, () => {
        if (!this.isClosed && this.memory.get(ban.id) !== undefined) this.extendUntilKept(ban, further);
      });
    });
  }

  /** The records may know by now that the ban was lifted, or that it is gone. */
  private async extend(ban: Ban, further: readonly BanSubject[]): Promise<void> {
    const present = await this.deps.store.get(ban.id);
    const isGone = present === null && this.memory.isKept(ban.id);
    if (isGone || (present !== null && present.liftedAt !== null)) return this.dropMissing(ban);
    await this.impose({ ...ban, subjects: union(present?.subjects ?? ban.subjects, further) });
    // Memory had the new marks already, so imposing has looked at nobody.
    for (const peer of [...this.deps.peers.all()]) this.dismissIfBanned(peer);
  }

  private learnUnparsed(sent: unknown): void {
    const { data, error } = banSchema.safeParse(sent);
    if (data !== undefined) this.learn(data);
    else this.deps.reportError(error, 'a ban of another node was not understood');
  }

  /** What another node says. It is kept here as well, where nodes have records of their own. */
  private learn(ban: Ban): void {
    const known = this.memory.get(ban.id);
    if (
      this.memory.isKept(ban.id) &&
      union(known?.subjects ?? [], ban.subjects).length === known?.subjects.length
    )
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
    this.applyKept(kept);
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
    for (const bans of inParts(this.memory.all())) messenger.notify(node, bansHold, { bans });
  }

  private tellAgain(): void {
    for (const lifted of inParts(this.lifted.all())) this.tellAll([], lifted);
    for (const bans of inParts(this.memory.all())) this.tellAll(bans, []);
    this.readLater();
  }
}

const inParts = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, part) =>
    items.slice(part * AT_ONCE, (part + 1) * AT_ONCE),
  );

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
