import { DomainError } from '../../domain/error';
import type { Peer } from '../peers/peer';
import type { Calls } from './calls';
import type { CallCommand, CallCommands } from './commands';
import type { RemoteCalls } from './remote-calls';

export interface CallRouterDeps {
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly commands: CallCommands;
}

/**
 * Decides for each action about a call whether the call is owned here or on another node, and takes the action there.
 * The owner may change while another node is asked; the action then follows the call.
 */
export class CallRouter {
  constructor(private readonly deps: CallRouterDeps) {}

  /** Executes a command at the owner of its call; answers with the data of the reply. */
  async execute(peer: Peer, command: CallCommand): Promise<object> {
    const callId = this.callIdOf(peer, command);
    return this.atOwner(peer, callId, {
      here: () => this.deps.commands.execute(peer, command),
      elsewhere: (remoteCallId) => this.forward(peer, remoteCallId, command),
    });
  }

  /** Leaves the peer's present call. Throws `DomainError` with `no_call` or `stale_call` where it is not that one. */
  async leave(peer: Peer, callId: string, reason: 'next' | 'left'): Promise<void> {
    const { calls, remoteCalls } = this.deps;
    await this.atOwner(peer, callId, {
      here: async () => calls.end(calls.current(peer, callId), reason, peer),
      elsewhere: async () => {
        if (remoteCalls.of(peer)?.callId !== callId) throw new DomainError('stale_call', 'that call is over');
        await remoteCalls.leave(peer, reason);
        this.endIfOwned(peer, callId, reason);
      },
    });
  }

  /**
   * Leaves a call that the peer was matched into but has not been told of: to their client this is still a search.
   * `false`: there is no such call.
   */
  async leaveUnannounced(peer: Peer): Promise<boolean> {
    const { calls, remoteCalls } = this.deps;
    const remote = remoteCalls.of(peer);
    if (remote !== undefined && !remote.announced) {
      await remoteCalls.leave(peer, 'left');
      this.endIfOwned(peer, remote.callId, 'left');
      return true;
    }
    const owned = peer.state.kind === 'in_call' ? calls.get(peer.state.callId) : undefined;
    if (owned === undefined || owned.announced) return false;
    calls.end(owned, 'left', peer);
    return true;
  }

  /** With whom the peer is in a call, wherever that is owned. */
  partnerOf(peer: Peer): { readonly id: string; readonly connectedAt: number | null } | undefined {
    const { calls, remoteCalls } = this.deps;
    if (peer.state.kind !== 'in_call') return undefined;
    const call = calls.get(peer.state.callId);
    if (call !== undefined) return { id: call.other(peer.id).peer.id, connectedAt: call.connectedAt };
    const remote = remoteCalls.of(peer);
    return remote === undefined ? undefined : { id: remote.partner.id, connectedAt: remote.connectedAt };
  }

  private async forward(peer: Peer, callId: string, { event, data }: CallCommand): Promise<object> {
    const { calls, remoteCalls } = this.deps;
    if (event === 'media_state') calls.setMediaState(peer, data);
    const partnerId = remoteCalls.partnerIn(peer, callId);
    if (event === 'block_user' && partnerId !== undefined) {
      // Whatever the owner or the records answer: the two do not meet again.
      peer.blocked.add(partnerId);
      peer.changed();
    }
    return remoteCalls.forward(peer, callId, event, data);
  }

  private async atOwner<T>(
    peer: Peer,
    callId: string | undefined,
    action: { readonly here: () => Promise<T>; readonly elsewhere: (callId: string) => Promise<T> },
  ): Promise<T> {
    if (callId === undefined || !this.isElsewhere(peer, callId)) return action.here();
    try {
      return await action.elsewhere(callId);
    } catch (error) {
      // The owner has just given the call up, and it is owned here now.
      const hasMovedHere = !this.isElsewhere(peer, callId) && this.deps.calls.get(callId) !== undefined;
      if (hasMovedHere && error instanceof DomainError && error.code === 'stale_call') return action.here();
      throw error;
    }
  }

  private isElsewhere(peer: Peer, callId: string): boolean {
    // A remote peer acts here because this node owns their call.
    return peer.gatewayNode === null && this.deps.remoteCalls.ownerOf(peer, callId) !== undefined;
  }

  private callIdOf(peer: Peer, command: CallCommand): string | undefined {
    return command.event === 'media_state' ? this.deps.remoteCalls.of(peer)?.callId : command.data.callId;
  }

  /** While another node was asked to end the call, this one may have become its owner. */
  private endIfOwned(peer: Peer, callId: string, reason: 'next' | 'left'): void {
    const { calls } = this.deps;
    const call = calls.get(callId);
    if (call?.participant(peer.id)?.peer === peer) calls.end(call, reason, peer);
  }
}
