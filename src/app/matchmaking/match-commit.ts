import { randomUUID } from 'node:crypto';
import { DomainError } from '../../domain/error';
import type { Ticket } from '../../domain/pairing';
import type { PeerRegistry } from '../peers/peer-registry';
import type { NodeAddress } from '../ports/bus';
import type { Lobby } from './lobby';
import type { RequestData, RemotePeerState, TicketStub } from '../cluster/contract';
import type { ClusterMedia } from '../lines/cluster-media';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { RemoteCalls } from '../calls/remote-calls';
import { remotePeerState } from '../calls/remote-peer';
import type { OwnedCalls } from '../calls/owned-calls';

export interface MatchCommitDeps {
  readonly messenger: NodeMessenger;
  readonly lobby: Lobby;
  readonly peers: PeerRegistry;
  readonly media: ClusterMedia;
  readonly remoteCalls: RemoteCalls;
  readonly ownedCalls: OwnedCalls;
  readonly reportError: (error: unknown, message: string) => void;
}

/** How long the other seat may take to give its person; whoever waits here goes back into the queue then. */
const TAKE_MS = 1_500;

/**
 * From the claim to the call, where the two are seated on different nodes. The director of the shard tells the node that
 * is to be the call's home: the seat of one of the two. That node takes the other one from their seat, and opens the
 * call. A seat gives each person once, and only while they still seek with the ticket that was claimed; so nobody is
 * ever in two calls, whatever is told twice or too late.
 */
export class MatchCommit {
  constructor(private readonly deps: MatchCommitDeps) {
    const { messenger, lobby } = deps;
    messenger.onRequest('match_commit', async ({ tickets }) => {
      await this.open(tickets);
      return {};
    });
    messenger.onRequest('peer_claim', async (asked, from) => this.give(asked, from));
    messenger.onNotification('ticket_freed', ({ ticketId, peerId }) => lobby.freed({ id: ticketId, peerId }));
    messenger.onNotification('ticket_expired', ({ ticketId, peerId }) =>
      lobby.expire({ id: ticketId, peerId }),
    );
    messenger.onNotification('step_reached', ({ ticketId, peerId, step }) =>
      lobby.stepReached({ id: ticketId, peerId }, step),
    );
  }

  /** The director's word: these tickets are claimed, so nobody else has them. */
  matched(tickets: readonly Ticket[]): void {
    const { messenger, lobby, reportError } = this.deps;
    const { self } = messenger;
    const [one, other] = tickets.map((ticket) => this.stub(ticket));
    if (one === undefined || other === undefined) return;
    if (one.node === self && other.node === self) {
      lobby.matched(tickets);
      return;
    }
    const stubs: [TicketStub, TicketStub] = [one, other];
    if (one.node === self || other.node === self) {
      this.open(stubs).catch((error: unknown) => reportError(error, 'a call could not be opened'));
      return;
    }
    messenger.request(one.node, 'match_commit', { tickets: stubs }).catch(() => {
      // That node may be dying; if it opened the call after all, it has taken the other one, who is not freed by this.
      this.free(one);
      this.free(other);
    });
  }

  stepReached(ticket: Ticket, step: number): void {
    const { messenger, lobby } = this.deps;
    const { id, peerId, node } = this.stub(ticket);
    if (node === messenger.self) lobby.stepReached(ticket, step);
    else messenger.notify(node, 'step_reached', { ticketId: id, peerId, step });
  }

  expiredElsewhere(ticket: Ticket): void {
    const { id, peerId, node } = this.stub(ticket);
    this.deps.messenger.notify(node, 'ticket_expired', { ticketId: id, peerId });
  }

  /** This node is to be the home of a call of these two, of whom at least one is seated here. */
  private async open(tickets: readonly [TicketStub, TicketStub]): Promise<void> {
    const { messenger, lobby } = this.deps;
    const [one, other] = tickets;
    if (one.node === messenger.self && other.node === messenger.self) {
      const seekers = tickets.map((ticket) => lobby.seekerWith(ticket));
      const [first, second] = seekers;
      if (first !== undefined && second !== undefined) lobby.meet([first, second]);
      else for (const ticket of tickets) lobby.freed(ticket);
      return;
    }
    const [mine, theirs] = one.node === messenger.self ? [one, other] : [other, one];
    const callId = randomUUID();
    const taken = await this.take(mine, theirs, callId);
    const seeker = lobby.seekerWith(mine);
    if (taken === null || seeker === undefined) {
      lobby.freed(mine);
      if (taken !== null) this.release(theirs, callId);
      return;
    }
    const peer = this.deps.ownedCalls.addRemotePeer(taken, theirs.node, callId);
    const { wishes, since } = taken;
    lobby.meet([seeker, { peer, wishes, ticket: { mode: theirs.mode, since } }], callId);
  }

  /** The other one, given by their seat; null when they seek no more, or nobody can be asked. */
  private async take(mine: TicketStub, theirs: TicketStub, callId: string): Promise<RemotePeerState | null> {
    const { messenger, lobby } = this.deps;
    const seeker = lobby.seekerWith(mine);
    if (seeker === undefined) {
      this.free(theirs);
      return null;
    }
    const { id, name } = seeker.peer;
    const asked = { ticketId: theirs.id, peerId: theirs.peerId, callId, partner: { id, name } };
    try {
      return await messenger.request(theirs.node, 'peer_claim', asked, TAKE_MS);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      // An answer that was lost on its way may have been a yes.
      this.release(theirs, callId);
      return null;
    }
  }

  /** Gives the person to the home of their new call: from here on they are in it. */
  private give(
    { ticketId, peerId, callId, partner }: RequestData<'peer_claim'>,
    owner: NodeAddress,
  ): RemotePeerState {
    const { lobby, media, remoteCalls } = this.deps;
    const seeker = lobby.seekerWith({ id: ticketId, peerId });
    if (seeker === undefined) throw new DomainError('not_searching', 'they seek no more');
    const { peer, wishes } = seeker;
    const { since } = seeker.ticket;
    remoteCalls.add({ callId, peer, partner, wishes, since, owner });
    peer.state = { kind: 'in_call', wishes, callId, since, owner: owner };
    return remotePeerState(peer, { wishes, since }, media.lineOf(peer.id));
  }

  private release({ peerId, node }: TicketStub, callId: string): void {
    this.deps.messenger.notify(node, 'participant_requeued', { callId, peerId });
  }

  private free({ id, peerId, node }: TicketStub): void {
    const { messenger, lobby } = this.deps;
    if (node === messenger.self) lobby.freed({ id, peerId });
    else messenger.notify(node, 'ticket_freed', { ticketId: id, peerId });
  }

  private stub({ id, peerId, since, mode, node }: Ticket): TicketStub {
    return { id, peerId, since, mode, node: node ?? this.deps.messenger.self };
  }
}
