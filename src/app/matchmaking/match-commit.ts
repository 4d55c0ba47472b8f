import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Ticket } from '../../domain/pairing';
import type { OwnedCalls } from '../calls/owned-calls';
import type { RemoteCalls } from '../calls/remote-calls';
import { remotePeerState } from '../calls/remote-peer';
import type { RemotePeerState } from '../calls/remote-peer-schema';
import { participantRequeued } from '../calls/messages';
import type { DataOf } from '../cluster/messages';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { LineDirectory } from '../lines/line-directory';
import type { NodeAddress } from '../ports/bus';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Lobby } from './lobby';
import {
  matchCommit,
  peerClaim,
  stepReached,
  ticketExpired,
  ticketFreed,
  type ClaimedTicket,
} from './messages';

export interface MatchCommitDeps {
  readonly messenger: NodeMessenger;
  readonly lobby: Lobby;
  readonly lines: LineDirectory;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly reportError: ErrorReporter;
}

/** How long the other gateway may take to give its peer. The one who waits here then goes back into the queue. */
const CLAIM_TIMEOUT_MS = 1_500;

/**
 * From the claim of two tickets to their call, whichever gateways the two peers have. The director tells the node that is
 * to own the call: the gateway of one of the two. That node takes the other peer from their gateway and opens the call. A
 * gateway gives each peer once, and only while they still search with the claimed ticket. So nobody is ever in two calls,
 * whatever message comes twice or too late (M7).
 */
export class MatchCommit {
  constructor(private readonly deps: MatchCommitDeps) {
    const { messenger, lobby } = deps;
    messenger.onRequest(matchCommit, async ({ tickets }) => {
      await this.open(tickets);
      return {};
    });
    messenger.onRequest(peerClaim, async (claim, from) => this.give(claim, from));
    messenger.onNotification(ticketFreed, ({ ticketId, peerId }) => lobby.freed({ id: ticketId, peerId }));
    messenger.onNotification(ticketExpired, ({ ticketId, peerId }) => lobby.expire({ id: ticketId, peerId }));
    messenger.onNotification(stepReached, ({ ticketId, peerId, step }) =>
      lobby.stepReached({ id: ticketId, peerId }, step),
    );
  }

  /** From the director: these tickets are claimed, so nobody else has them. */
  matched(tickets: readonly Ticket[]): void {
    const { messenger, lobby, reportError } = this.deps;
    const { self } = messenger;
    const [one, other] = tickets.map((ticket) => this.claimed(ticket));
    if (one === undefined || other === undefined) return;
    if (one.node === self && other.node === self) {
      lobby.matched(tickets);
      return;
    }
    const claimed: [ClaimedTicket, ClaimedTicket] = [one, other];
    if (one.node === self || other.node === self) {
      this.open(claimed).catch((error: unknown) => reportError(error, 'a call could not be opened'));
      return;
    }
    messenger.request(one.node, matchCommit, { tickets: claimed }).catch(() => {
      // That node may be dying. If it has opened the call after all, it has taken the other peer, who is not freed by this.
      this.free(one);
      this.free(other);
    });
  }

  stepReached(ticket: Ticket, step: number): void {
    const { messenger, lobby } = this.deps;
    const { id, peerId, node } = this.claimed(ticket);
    if (node === messenger.self) lobby.stepReached(ticket, step);
    else messenger.notify(node, stepReached, { ticketId: id, peerId, step });
  }

  /** This node is to own a call of these two, of whom at least one has their gateway here. */
  private async open(tickets: readonly [ClaimedTicket, ClaimedTicket]): Promise<void> {
    const { messenger, lobby, ownedCalls } = this.deps;
    const [one, other] = tickets;
    if (one.node === messenger.self && other.node === messenger.self) {
      const [first, second] = tickets.map((ticket) => lobby.searcherWith(ticket));
      if (first !== undefined && second !== undefined) lobby.openCall([first, second]);
      else for (const ticket of tickets) lobby.freed(ticket);
      return;
    }
    const [mine, theirs] = one.node === messenger.self ? [one, other] : [other, one];
    const callId = randomUUID();
    const taken = await this.take(mine, theirs, callId);
    const searcher = lobby.searcherWith(mine);
    if (taken === null || searcher === undefined) {
      lobby.freed(mine);
      if (taken !== null) this.giveBack(theirs, callId);
      return;
    }
    const peer = ownedCalls.addRemotePeer(taken, theirs.node, callId);
    const { wishes, since } = taken;
    lobby.openCall([searcher, { peer, wishes, ticket: { mode: theirs.mode, since } }], callId);
  }

  /** The other peer, given by their gateway; null when they search no longer, or nobody can be asked. */
  private async take(
    mine: ClaimedTicket,
    theirs: ClaimedTicket,
    callId: string,
  ): Promise<RemotePeerState | null> {
    const { messenger, lobby } = this.deps;
    const searcher = lobby.searcherWith(mine);
    if (searcher === undefined) {
      this.free(theirs);
      return null;
    }
    const { id, name } = searcher.peer;
    const claim = { ticketId: theirs.id, peerId: theirs.peerId, callId, partner: { id, name } };
    try {
      return await messenger.request(theirs.node, peerClaim, claim, CLAIM_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // A reply that was lost may have been a yes.
      this.giveBack(theirs, callId);
      return null;
    }
  }

  /** Gives the peer to the owner of their new call: from here on they are in it. */
  private give(
    { ticketId, peerId, callId, partner }: DataOf<typeof peerClaim>,
    owner: NodeAddress,
  ): RemotePeerState {
    const { lobby, lines, remoteCalls } = this.deps;
    const searcher = lobby.searcherWith({ id: ticketId, peerId });
    if (searcher === undefined) throw new DomainError('not_searching', 'they search no longer');
    const { peer, wishes } = searcher;
    const { since } = searcher.ticket;
    remoteCalls.add({ callId, peer, partner, wishes, since, owner });
    peer.state = { kind: 'in_call', wishes, callId, since, owner };
    return remotePeerState(peer, { wishes, since }, lines.lineOf(peer.id));
  }

  private giveBack({ peerId, node }: ClaimedTicket, callId: string): void {
    this.deps.messenger.notify(node, participantRequeued, { callId, peerId });
  }

  private free({ id, peerId, node }: ClaimedTicket): void {
    const { messenger, lobby } = this.deps;
    if (node === messenger.self) lobby.freed({ id, peerId });
    else messenger.notify(node, ticketFreed, { ticketId: id, peerId });
  }

  private claimed({ id, peerId, since, mode, node }: Ticket): ClaimedTicket {
    return { id, peerId, since, mode, node: node ?? this.deps.messenger.self };
  }
}
