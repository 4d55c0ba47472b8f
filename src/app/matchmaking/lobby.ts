import { shardName, shardOf } from '../../domain/pairing/shard';
import type { Ticket } from '../../domain/pairing/ticket';
import { fullBucket, takeToken, type RateLimit } from '../../domain/token-bucket';
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
import { ticketExpired } from './messages';
import type { TicketStore } from './ticket-store';
import type { WaitEstimator } from './wait-estimator';
import { makeTicket } from './ticket-maker';

export interface LobbyPolicy {
  readonly admitMinors: boolean;
  /** Skips a person may make in a burst, and how fast they come back (M8). */
  readonly skips: RateLimit;
  /** A ticket nobody touched for this long is a ghost (M6). */
  readonly staleMs: number;
  /** The longest anyone waits (M6). */
  readonly maxAgeMs: number;
}

/** Makes sure that a director pairs the tickets of this shard. */
export interface EnsuresDirectors {
  ensure(shard: string): void;
}

export interface LobbyDeps {
  readonly messenger: NodeMessenger;
  /** What peers who search in a mode are matched within: this node's region, or several merged ones (M9). */
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

/** Of somebody who comes and goes over several nodes, more than one earlier ticket may be on its way in. */
const MOST_TRIES = 4;

type TicketKey = Pick<Ticket, 'id' | 'peerId'>;
type Searching = Extract<Peer['state'], { kind: 'searching' }>;

/** From the wish to meet someone to the match, and back again when that comes to nothing. */
export class Lobby {
  /** Ids of tickets that the store did not know at the last sweep. */
  private missing: ReadonlySet<string> = new Set();
  /** The store cannot be asked: nobody is found until it can, and those who wait are told so. */
  private isHeld = false;

  constructor(private readonly deps: LobbyDeps) {
    deps.requeue.on({
      requeued: (peer, wishes, since) =>
        void this.putBack(peer, wishes, since).catch(this.report('a peer could not be put back')),
    });
  }

  /** An idle person asks for someone to meet. */
  async seek(peer: Peer, wishes: Wishes): Promise<void> {
    if (peer.state.kind !== 'idle')
      throw new DomainError('not_idle', 'you are searching or in a call already');
    await this.begin(peer, this.admitted(peer, wishes));
  }

  /** The peer stops searching. A match that they have not been told of yet is left. Throws `not_searching`. */
  async cancel(peer: Peer): Promise<void> {
    const { state } = peer;
    switch (state.kind) {
      case 'cooldown':
        state.stop();
        peer.state = { kind: 'idle' };
        return;
      case 'searching':
        peer.state = { kind: 'idle' };
        // Where a claim has won the race, `matched` sees that this peer has left and puts the other one back.
        if (state.queued) await this.takeOut(state.ticket);
        return;
      case 'idle':
      case 'in_call':
        if (!(await this.deps.router.leaveUnannounced(peer)))
          throw new DomainError('not_searching', 'you are not searching');
    }
  }

  /**
   * Ends the call and asks again with the same wishes (M8). Leaving is never held up; skipping too fast delays
   * only the next search. Answers with that delay.
   */
  async next(peer: Peer, callId: string): Promise<number> {
    const { state } = peer;
    await this.deps.router.leave(peer, callId, 'next');
    return state.kind === 'in_call' ? this.again(peer, state.wishes) : 0;
  }

  /** A peer who has just left a call asks again, with the same wishes. Answers with the pause before the search begins. */
  private async again(peer: Peer, wishes: Wishes): Promise<number> {
    // Leaving a call elsewhere takes a moment, in which they may have asked for something else.
    if (peer.state.kind !== 'idle') return 0;
    return this.begin(peer, this.admitted(peer, wishes));
  }

  /** Puts a peer back whose call came to nothing, with the waiting time they had. */
  private async putBack(peer: Peer, wishes: Wishes, since: number): Promise<void> {
    if (peer.state.kind === 'idle') await this.queue(peer, wishes, since);
  }

  /** The director's word: these tickets are claimed, so nobody else has them. */
  matched(tickets: readonly Ticket[]): void {
    const [one, other] = tickets.map((ticket) => this.searcherWith(ticket));
    if (one !== undefined && other !== undefined) {
      this.openCall([one, other]);
      return;
    }
    // One of them has left since: the other one waits on, as if nothing had been.
    for (const ticket of tickets) this.freed(ticket);
  }

  /** The peer who searches with exactly this ticket. It is claimed, so they are either matched or freed. */
  searcherWith(ticket: TicketKey): MatchedPeer | undefined {
    const peer = this.deps.peers.get(ticket.peerId);
    if (peer === undefined || !this.isQueued(peer, ticket)) return undefined;
    return { peer, ticket: peer.state.ticket, wishes: peer.state.wishes };
  }

  /** Opens the call of two who were matched with each other. */
  openCall(matched: readonly [MatchedPeer, MatchedPeer], callId?: string): void {
    const { waitEstimator, clock, calls, negotiation } = this.deps;
    const [one, other] = matched;
    waitEstimator.matched(one.ticket.mode, [one.ticket, other.ticket], clock.now());
    negotiation.begin(calls.open(matched, callId)).catch(this.report('a call could not begin'));
  }

  /** This claimed ticket's meeting came to nothing: whoever still seeks with it waits on. */
  freed(ticket: TicketKey): void {
    const searcher = this.searcherWith(ticket);
    if (searcher === undefined) return;
    searcher.peer.state = { kind: 'idle' };
    this.queue(searcher.peer, searcher.wishes, searcher.ticket.since).catch(
      this.report('a person could not be put back'),
    );
  }

  /** The store has let go of this ticket: it has waited for too long. */
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

  /** The person's socket is away: nobody is offered someone who may not come back. */
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

  /** Every few seconds: keeps living tickets alive, takes ghosts out, refreshes what people are told. */
  async sweep(): Promise<void> {
    const { store, clock, policy, peers } = this.deps;
    const now = clock.now();
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
      this.deps.reportError(error, 'waiting tickets could not be looked after');
    }
    for (const peer of searching) {
      this.moveOn(peer);
      this.sendWaiting(peer);
    }
  }

  /** Whoever is here and not in the queue is put into it; whoever is in the queue of a region that is merged, moved. */
  private moveOn(peer: Peer): void {
    if (!isSearching(peer) || !peer.isHere || this.isHeld) return;
    const { ticket, queued, wishes } = peer.state;
    if (queued && ticket.region === this.deps.regions.regionFor(ticket.mode)) return;
    this.requeueAs(peer, ticket, wishes, queued).catch(this.report('a ticket could not be put back'));
  }

  private async requeueAs(peer: Peer, ticket: Ticket, wishes: Wishes, queued: boolean): Promise<void> {
    // Claimed in this very moment, it is about to be met.
    if (queued && !(await this.deps.store.remove(ticket))) return;
    const { state } = peer;
    if (state.kind === 'searching' && state.ticket.id === ticket.id) {
      await this.queue(peer, wishes, ticket.since);
    }
  }

  /**
   * Tickets the store has no more, though nobody was told of a match: the answer to a claim was lost on its way.
   * Missing once may mean a match that is just arriving; missing twice, its people are put back.
   */
  private requeue(searching: readonly Peer[], gone: readonly string[]): void {
    const before = this.missing;
    this.missing = new Set(gone);
    for (const peer of searching) {
      // The store took a moment to answer: they may have been met meanwhile, or have stopped.
      if (!isSearching(peer)) continue;
      const { ticket, wishes } = peer.state;
      if (!before.has(ticket.id) || !this.missing.has(ticket.id) || !this.isQueued(peer, ticket)) continue;
      this.queue(peer, wishes, ticket.since).catch(this.report('a lost ticket could not be put back'));
    }
  }

  /**
   * Begins a search. One that follows a call which the person ended themselves, in whatever way, costs a token of
   * their skips; with none left it begins after a pause. Answers with that pause.
   */
  private async begin(peer: Peer, wishes: Wishes): Promise<number> {
    const { clock, policy } = this.deps;
    const now = clock.now();
    if (!peer.endedLastCall) {
      await this.queue(peer, wishes, now);
      return 0;
    }
    const { bucket, waitMs } = takeToken(peer.skipBucket ?? fullBucket(policy.skips, now), policy.skips, now);
    peer.skipBucket = bucket;
    if (waitMs === 0) {
      peer.endedLastCall = false;
      await this.queue(peer, wishes, now);
      return 0;
    }
    this.startCooldown(peer, wishes, waitMs);
    this.sendWaiting(peer);
    return waitMs;
  }

  /** The search begins by itself after this time (ms). A cooldown goes along to another gateway. */
  startCooldown(peer: Peer, wishes: Wishes, waitMs: number): void {
    const { clock } = this.deps;
    const stop = clock.after(waitMs, () => {
      if (peer.state.kind !== 'cooldown') return;
      peer.state = { kind: 'idle' };
      // The token that has come back meanwhile is the one this search uses.
      this.begin(peer, wishes).catch(this.report('a search could not begin after its pause'));
    });
    peer.state = { kind: 'cooldown', wishes, until: clock.now() + waitMs, stop };
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
    // What they asked for took a moment, and meanwhile they were given a seat elsewhere or have gone.
    if (peers.get(peer.id) !== peer) return;
    const region = regions.regionFor(wishes.mode);
    const at = { node: messenger.self, region, since, now: clock.now() };
    const ticket = makeTicket(peer, wishes, at);
    // Nobody is offered someone who is away; their time counts, and they are queued when they are back.
    peer.state = { kind: 'searching', wishes, ticket, step: 0, queued: peer.isHere };
    if (!peer.isHere) return;
    // Told first: in process, the ticket may be matched before `add` has returned.
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
      // A later search of theirs is in its place, or none.
      if (!this.isQueued(peer, ticket)) return;
      this.endSearch(peer, ticket, 'failed');
      throw new DomainError('not_idle', 'an earlier search of yours is still ending', 1000);
    }
    // Whoever cancelled or went away while the ticket was on its way in has not seen it: it is taken out here.
    if (!this.isQueued(peer, ticket)) await this.takeOut(ticket);
  }

  /** A ticket of theirs that this node knows nothing of is left from a seat elsewhere, or from a store that was away. */
  private async addInstead(peer: Peer, ticket: Ticket): Promise<boolean> {
    const { store } = this.deps;
    for (let tries = 0; tries < MOST_TRIES && this.isQueued(peer, ticket); tries += 1) {
      const left = await store.ticketOf(ticket.peerId);
      if (left !== null) await store.remove({ id: left, peerId: ticket.peerId });
      if (await store.add(ticket)) return true;
    }
    return false;
  }

  /** Whoever meets them with it finds that they seek no more, should it not be taken out. */
  private async takeOut(ticket: Ticket): Promise<void> {
    await this.deps.store.remove(ticket).catch(this.report('a ticket could not be taken out'));
  }

  /** The store cannot be asked: the search goes on by itself when it can, with the waiting time so far. */
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
    const now = this.deps.clock.now();
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
        ...this.deps.waitEstimator.of(mode, searching ? waitedMs : null, now),
      },
    });
  }

  private report(message: string): (error: unknown) => void {
    return (error) => this.deps.reportError(error, message);
  }
}

const isSearching = (peer: Peer): peer is Peer & { state: Searching } => peer.state.kind === 'searching';
