import { shardName, shardOf } from '../../domain/pairing/shard';
import type { Ticket } from '../../domain/pairing/ticket';
import type { RateLimit } from '../../domain/token-bucket';
import { DomainError } from '../../domain/error';
import type { Mode, Wishes } from '../../protocol';
import type { MediaNegotiation } from '../calls/media-negotiation';
import type { CallRouter } from '../calls/router';
import type { Calls, MatchedPeer } from '../calls/calls';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Peer } from '../peers/peer';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { RequeueEvents } from '../calls/requeue';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { EventSource } from '../ports/event-emitter';
import { admitWishes } from './admission';
import { haveBlocked } from './blocked';
import { ticketExpired } from './messages';
import { storedSoon } from './stored-soon';
import type { TicketStore } from './ticket-store';
import type { WaitEstimator } from './wait-estimator';
import { SearchPauses, type NewSearches, type SearchPace } from './search-pauses';
import { makeTicket } from './ticket-maker';

export interface LobbyPolicy {
  readonly admitMinors: boolean;
  /** How many skips a peer may make in a burst, and how fast skips come back (M8). */
  readonly skips: RateLimit;
  /** A ticket that no node touched for this long is stale (M6). */
  readonly staleMs: number;
  /** The longest that a ticket may wait (M6). */
  readonly maxAgeMs: number;
}

/** Makes sure that a director pairs the tickets of this shard. */
export interface EnsuresDirectors {
  ensure(shard: string): void;
}

export interface LobbyDeps {
  readonly newSearches: NewSearches;
  readonly pace: SearchPace;
  readonly messenger: NodeMessenger;
  /** The region in which peers of a mode are matched: this node's region, or several merged ones (M9). */
  readonly regions: { regionFor(mode: Mode): string };
  readonly requeue: EventSource<RequeueEvents>;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly store: TicketStore;
  readonly clock: Clock;
  readonly policy: LobbyPolicy;
  readonly waitEstimator: WaitEstimator;
  readonly directors: EnsuresDirectors;
  readonly negotiation: Pick<MediaNegotiation, 'begin'>;
  readonly router: CallRouter;
  readonly reportError: ErrorReporter;
}

/** A peer who changes gateways fast may have several earlier tickets that are still being added. */
const MOST_TRIES = 4;

type TicketKey = Pick<Ticket, 'id' | 'peerId'>;
type Searching = Extract<Peer['state'], { kind: 'searching' }>;

/** Takes peers from their wishes to the match, and puts them back into the queue when the match fails. */
export class Lobby {
  /** Ids of tickets that the store did not know at the last sweep. */
  private missing: ReadonlySet<string> = new Set();
  /** The store cannot be reached: no partner is found until it can, and waiting peers are told so. */
  private isHeld = false;
  private readonly pauses: SearchPauses;

  constructor(private readonly deps: LobbyDeps) {
    const { clock, peers, policy, pace, reportError } = deps;
    this.pauses = new SearchPauses({
      ...{ clock, peers, skips: policy.skips, pace, reportError },
      queue: (peer, wishes) => storedSoon(this.queue(peer, wishes, clock.elapsed()), this.deps),
      tell: (peer) => this.sendWaiting(peer),
    });
    deps.requeue.on({
      requeued: (peer, wishes, since) =>
        void this.putBack(peer, wishes, since).catch(
          this.report('a peer could not be put back into the queue'),
        ),
    });
  }

  /** An idle peer begins to search for a partner. */
  async seek(peer: Peer, wishes: Wishes): Promise<void> {
    if (peer.state.kind !== 'idle')
      throw new DomainError('not_idle', 'you are searching or in a call already');
    const admitted = this.admitted(peer, wishes);
    await this.pauses.begin(peer, admitted, this.deps.newSearches.take('search'));
  }

  /** The peer stops searching, and leaves a match that they were not told of yet. Throws `not_searching`. */
  async cancel(peer: Peer): Promise<void> {
    const { state } = peer;
    switch (state.kind) {
      case 'cooldown':
        state.stop();
        peer.state = { kind: 'idle' };
        return;
      case 'searching':
        peer.state = { kind: 'idle' };
        // If a claim has won the race, `matched` sees that this peer has left and puts the partner back.
        if (state.queued) await storedSoon(this.takeOut(state.ticket), this.deps);
        return;
      case 'idle':
      case 'in_call':
        if (!(await this.deps.router.leaveUnannounced(peer)))
          throw new DomainError('not_searching', 'you are not searching');
    }
  }

  /**
   * Ends the call and searches again with the same wishes (M8). Leaving is never delayed; skipping too fast delays
   * only the next search. Answers with that delay.
   */
  async next(peer: Peer, callId: string): Promise<number> {
    const { state } = peer;
    await this.deps.router.leave(peer, callId, 'next');
    return state.kind === 'in_call' ? this.searchAgain(peer, state.wishes) : 0;
  }

  /** A peer who has just left a call searches again. Answers with the pause before the search begins. */
  private async searchAgain(peer: Peer, wishes: Wishes): Promise<number> {
    // Leaving a call on another node takes a moment, in which the peer may have begun something else.
    if (peer.state.kind !== 'idle') return 0;
    const admitted = this.admitted(peer, wishes);
    return this.pauses.begin(peer, admitted, this.deps.newSearches.takeSurely('search'));
  }

  /** Puts a peer whose call failed back into the queue, with the waiting time they had. */
  private async putBack(peer: Peer, wishes: Wishes, since: number): Promise<void> {
    if (peer.state.kind === 'idle') await this.queue(peer, wishes, since);
  }

  /** These tickets are claimed, so no other director has them. This node is the gateway of both peers. */
  matched(tickets: readonly TicketKey[]): void {
    const [one, other] = tickets.map((ticket) => this.searcherWith(ticket));
    if (one !== undefined && other !== undefined && !haveBlocked(one.peer, other.peer)) {
      this.openCall([one, other]);
      return;
    }
    // One of the peers has left the search since, or has blocked the other: a peer who still searches is queued
    // again.
    for (const ticket of tickets) this.freed(ticket);
  }

  /** The peer who searches with exactly this ticket. The ticket is claimed, so the peer is either matched or freed. */
  searcherWith(ticket: TicketKey): MatchedPeer | undefined {
    const peer = this.deps.peers.get(ticket.peerId);
    if (peer === undefined || !this.isQueued(peer, ticket)) return undefined;
    return { peer, ticket: peer.state.ticket, wishes: peer.state.wishes };
  }

  /** Opens the call of two matched peers. */
  openCall(matched: readonly [MatchedPeer, MatchedPeer], callId?: string): void {
    const { waitEstimator, clock, calls, negotiation } = this.deps;
    const [one, other] = matched;
    waitEstimator.matched(one.ticket.mode, [one.ticket, other.ticket], clock.elapsed());
    negotiation.begin(calls.open(matched, callId)).catch(this.report('a call could not begin'));
  }

  /** The match of this claimed ticket failed: a peer who still searches with it waits on. */
  freed(ticket: TicketKey): void {
    const searcher = this.searcherWith(ticket);
    if (searcher === undefined) return;
    searcher.peer.state = { kind: 'idle' };
    this.queue(searcher.peer, searcher.wishes, searcher.ticket.since).catch(
      this.report('a peer could not be put back into the queue'),
    );
  }

  /** The store has removed this ticket because it has waited for too long. */
  expire(ticket: TicketKey): void {
    const peer = this.deps.peers.get(ticket.peerId);
    if (peer !== undefined) this.endSearch(peer, ticket, 'expired');
  }

  stepReached(ticket: TicketKey, step: number): void {
    const peer = this.deps.peers.get(ticket.peerId);
    if (peer?.state.kind !== 'searching' || peer.state.ticket.id !== ticket.id) return;
    peer.state = { ...peer.state, step };
    this.sendWaiting(peer);
  }

  /** The peer is away. Their ticket leaves the queue, because they may not come back. */
  async away(peer: Peer): Promise<void> {
    const { state } = peer;
    if (state.kind !== 'searching' || !state.queued) return;
    peer.state = { ...state, queued: false };
    await this.takeOut(state.ticket);
  }

  async back(peer: Peer): Promise<void> {
    const { state } = peer;
    if (state.kind === 'searching' && !state.queued) {
      peer.state = { kind: 'idle' };
      await this.queue(peer, state.wishes, state.ticket.since);
    } else if (state.kind === 'searching' || state.kind === 'cooldown') {
      this.sendWaiting(peer);
    }
  }

  async gone(peer: Peer): Promise<void> {
    if (peer.state.kind === 'searching' || peer.state.kind === 'cooldown') await this.cancel(peer);
  }

  /** Every few seconds: touches the tickets of this node's peers, removes stale tickets, updates waiting peers. */
  async sweep(): Promise<void> {
    const { store, clock, policy, peers } = this.deps;
    const now = clock.elapsed();
    const searching = [...peers.all()].filter(isSearching);
    const queued = searching.filter(({ state }) => state.queued);
    try {
      const gone = await store.touch(
        queued.map(({ state }) => state.ticket),
        now,
      );
      this.isHeld = false;
      this.requeue(queued, gone);
      for (const ticket of await store.expire(now, policy)) this.expired(ticket);
    } catch (error) {
      this.isHeld = true;
      this.deps.reportError(error, 'waiting tickets could not be swept');
    }
    for (const peer of searching) {
      this.ensureQueued(peer);
      this.sendWaiting(peer);
    }
  }

  /** Queues a searching peer who is here but not in the queue, or whose ticket is in another region's queue. */
  private ensureQueued(peer: Peer): void {
    if (!isSearching(peer) || !peer.isHere || this.isHeld) return;
    const { ticket, queued, wishes } = peer.state;
    if (queued && ticket.region === this.deps.regions.regionFor(ticket.mode)) return;
    this.requeueAs(peer, ticket, wishes, queued).catch(
      this.report('a ticket could not be put back into the queue'),
    );
  }

  private async requeueAs(peer: Peer, ticket: Ticket, wishes: Wishes, queued: boolean): Promise<void> {
    // If the ticket was claimed at this moment, the match is about to arrive.
    if (queued && !(await this.deps.store.remove(ticket))) return;
    const { state } = peer;
    if (state.kind === 'searching' && state.ticket.id === ticket.id) {
      await this.queue(peer, wishes, ticket.since);
    }
  }

  /**
   * The store does not have these tickets any more, though no match has arrived. A ticket that is missing once may
   * belong to a match that is just arriving. When it is missing twice, the reply to a claim was lost and the peer is
   * put back.
   */
  private requeue(searching: readonly Peer[], gone: readonly string[]): void {
    const before = this.missing;
    this.missing = new Set(gone);
    for (const peer of searching) {
      // The reply of the store took a moment: the peer may have been matched meanwhile, or have stopped.
      if (!isSearching(peer)) continue;
      const { ticket, wishes } = peer.state;
      if (!before.has(ticket.id) || !this.missing.has(ticket.id) || !this.isQueued(peer, ticket)) continue;
      this.queue(peer, wishes, ticket.since).catch(
        this.report('a lost ticket could not be put back into the queue'),
      );
    }
  }

  /** The search begins by itself after this time (ms). A cooldown goes along to another gateway. */
  startCooldown(peer: Peer, wishes: Wishes, waitMs: number): void {
    this.pauses.pause(peer, wishes, waitMs);
  }

  private admitted(peer: Peer, wishes: Wishes): Wishes {
    const { clock, policy } = this.deps;
    return admitWishes(peer, wishes, { admitMinors: policy.admitMinors, now: clock.now() });
  }

  private expired(ticket: Ticket): void {
    const { messenger } = this.deps;
    const { id, peerId, node } = ticket;
    if (node === undefined || node === messenger.self) this.expire(ticket);
    else messenger.notify(node, ticketExpired, { ticketId: id, peerId });
  }

  private async queue(peer: Peer, wishes: Wishes, since: number): Promise<void> {
    const { store, messenger, regions, clock, directors, peers } = this.deps;
    // Meanwhile another node may have become the peer's gateway, or the peer may have left.
    if (peers.get(peer.id) !== peer) return;
    const region = regions.regionFor(wishes.mode);
    const at = { node: messenger.self, region, since, now: clock.now() };
    const ticket = makeTicket(peer, wishes, at);
    // A peer who is away is not matched. Their waiting time counts, and they are queued when they are back.
    peer.state = { kind: 'searching', wishes, ticket, step: 0, queued: peer.isHere };
    if (!peer.isHere) return;
    // Sent first: within one process the ticket may be matched before `add` has returned.
    this.sendWaiting(peer);
    directors.ensure(shardName(shardOf(ticket)));
    let added: boolean;
    try {
      added = (await store.add(ticket)) || (await this.addInstead(peer, ticket));
    } catch (error) {
      this.hold(peer, ticket, error);
      return;
    }
    if (!added) {
      // The peer has begun a later search, or has stopped.
      if (!this.isQueued(peer, ticket)) return;
      this.endSearch(peer, ticket, 'failed');
      throw new DomainError('not_idle', 'an earlier search of yours is still ending', 1000);
    }
    // The peer cancelled or went away while the ticket was being added, so it is removed here.
    if (!this.isQueued(peer, ticket)) await this.takeOut(ticket);
  }

  /** Removes tickets of this peer that a former gateway or an unreachable store has left behind, and adds this one. */
  private async addInstead(peer: Peer, ticket: Ticket): Promise<boolean> {
    const { store } = this.deps;
    for (let tries = 0; tries < MOST_TRIES && this.isQueued(peer, ticket); tries += 1) {
      const left = await store.ticketOf(ticket.peerId);
      if (left !== null) await store.remove({ id: left, peerId: ticket.peerId });
      if (await store.add(ticket)) return true;
    }
    return false;
  }

  /** If this fails, a match with the ticket fails later, because the peer searches no longer. */
  private async takeOut(ticket: Ticket): Promise<void> {
    await this.deps.store.remove(ticket).catch(this.report('a ticket could not be removed from the queue'));
  }

  /** The store cannot be reached: the search goes on by itself when it can, with the waiting time so far. */
  private hold(peer: Peer, ticket: Ticket, error: unknown): void {
    this.isHeld = true;
    this.deps.reportError(error, 'a ticket could not be added');
    if (!this.isQueued(peer, ticket)) return;
    peer.state = { ...peer.state, queued: false };
    this.sendWaiting(peer);
  }

  private endSearch(peer: Peer, ticket: TicketKey, reason: 'expired' | 'failed'): void {
    if (peer.state.kind !== 'searching' || peer.state.ticket.id !== ticket.id) return;
    peer.state = { kind: 'idle' };
    peer.send({ event: 'search_ended', data: { reason } });
  }

  private isQueued(peer: Peer, ticket: TicketKey): peer is Peer & { state: Searching } {
    const { state } = peer;
    return state.kind === 'searching' && state.ticket.id === ticket.id && state.queued;
  }

  private sendWaiting(peer: Peer): void {
    const { state } = peer;
    if (state.kind !== 'searching' && state.kind !== 'cooldown') return;
    const now = this.deps.clock.elapsed();
    const mode: Mode = state.wishes.mode;
    const searching = state.kind === 'searching';
    const waitedMs = searching ? Math.max(0, now - state.ticket.since) : 0;
    peer.send({
      event: 'waiting_for_partner',
      data: {
        mode,
        pauseMs: searching ? 0 : Math.max(0, state.until - now),
        waitedMs,
        step: searching ? state.step : 0,
        held: this.isHeld,
        ...this.deps.waitEstimator.of(peer, { mode, waitedMs: searching ? waitedMs : null }, now),
      },
    });
  }

  private report(message: string): (error: unknown) => void {
    return (error) => this.deps.reportError(error, message);
  }
}

const isSearching = (peer: Peer): peer is Peer & { state: Searching } => peer.state.kind === 'searching';
