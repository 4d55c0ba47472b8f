import {
  banSchema,
  furtherSubjects,
  holds,
  subjectsOf,
  type Ban,
  type BanSubject,
  type Marks,
} from '../../domain/bans';
import { BannedError } from '../../domain/banned-error';
import { DomainError } from '../../domain/error';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { BanMemory, union } from './ban-memory';
import { BanNotifier } from './ban-notifier';
import type { BanStore } from './ban-store';
import { LiftedBans, MOST_REMEMBERED, type Lifting } from './lifted-bans';
import { marksOf } from './marks-of';
import { bansHold, bansLifted } from './messages';

/** How often the bans are read again, in case a message of another node was lost. */
const READ_MS = 15_000;
/** The more bans hold, the longer it takes to read them. A pause is this many times as long as the last reading. */
const REST = 20;
/** Bans that are read at once. */
const PAGE = 500;
/** Connected peers whose bans are asked for at once. */
const PEERS_AT_ONCE = 100;

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
 * with records of their own tell a node that joins. A ban that was lifted stays lifted, whoever missed it: whoever tells
 * of it is told that it was lifted. Where more bans hold than there is room for in memory, the records are asked about
 * everybody who comes (`load`).
 */
export class Bans {
  private readonly memory: BanMemory;
  /** Whether memory has all bans of the records that hold. */
  private isWhole = false;
  private readonly lifted = new LiftedBans();
  /** Whether what was lifted before this node started is remembered as well. */
  private hasReadLifted = false;
  private readonly notifier: BanNotifier;
  private stopReading: (() => void) | undefined;
  private isClosed = false;

  constructor(private readonly deps: BansDeps) {
    const { messenger, membership, clock, peers } = deps;
    this.memory = deps.memory ?? new BanMemory();
    this.notifier = new BanNotifier(messenger);
    messenger.onNotification(bansHold, ({ bans }, from) => {
      if (from !== messenger.self) void this.learnAll(bans, from);
    });
    messenger.onNotification(bansLifted, ({ lifted }, from) => {
      if (from !== messenger.self) for (const lifting of lifted) this.learnLifted(lifting);
    });
    membership.on({ joined: (node) => this.notifier.tell(node, this.known()) });
    // What was sent in the meantime is lost, by this node and to it.
    messenger.on({ restored: () => this.tellAgain() });
    // A peer who comes from another node may have been banned on the way.
    peers.on({ registered: (peer) => clock.after(0, () => void this.lookAt(peer)) });
    this.readAfter(READ_MS);
  }

  /**
   * Reads the bans of the records, and drops those in memory that the records say are lifted or gone. While the records
   * are away, what other nodes tell holds.
   */
  async read(): Promise<void> {
    await this.readLifted();
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
    this.notifier.tellAll({ bans: [whole] });
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
    this.notifier.tellAll({ lifted: [{ id, at }] });
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

  /** What other nodes may have missed while this one was not there to tell it. */
  private async readLifted(): Promise<void> {
    if (this.hasReadLifted) return;
    const newestFirst = await this.deps.store.lifted(MOST_REMEMBERED);
    for (const lifting of [...newestFirst].reverse()) this.forgetLifted(lifting);
    this.hasReadLifted = true;
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
        const liftedAt = this.lifted.timeOf(ban.id);
        // The records were away when this node learned of the lifting.
        if (liftedAt !== undefined) await store.lift(ban.id, liftedAt);
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

  /** What another node says. A node that missed the lifting of one of these bans is told of it. */
  private async learnAll(sent: readonly unknown[], from: string): Promise<void> {
    const learned = await Promise.all(sent.map((ban) => this.learn(ban)));
    this.notifier.tell(from, { lifted: learned.filter((lifting) => lifting !== null) });
  }

  /** Keeps a ban here as well, where nodes have records of their own. Answers with its lifting, if these know of one. */
  private async learn(sent: unknown): Promise<Lifting | null> {
    const { data: ban, error } = banSchema.safeParse(sent);
    if (ban === undefined) {
      this.deps.reportError(error, 'a ban of another node was not understood');
      return null;
    }
    const known = this.memory.get(ban.id)?.subjects ?? [];
    if (this.memory.isKept(ban.id) && union(known, ban.subjects).length === known.length) return null;
    this.apply(ban);
    try {
      const { id, liftedAt } = await this.keep(ban);
      return liftedAt === null ? null : { id, at: liftedAt };
    } catch (failure) {
      this.notKept(failure);
      return null;
    }
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

  private known(): { readonly lifted: Lifting[]; readonly bans: Ban[] } {
    return { lifted: this.lifted.all(), bans: this.memory.all() };
  }

  private tellAgain(): void {
    this.notifier.tellAll(this.known());
    this.readLater();
  }
}

/** Whether this only says that the records are away. */
export const isAway = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'records_unavailable';
