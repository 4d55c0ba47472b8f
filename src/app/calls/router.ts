import { DomainError } from '../../domain/error';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import { notLongerThan } from '../ports/not-longer-than';
import type { Calls } from './calls';
import type { CallCommand, CallCommands, CallEventName } from './commands';
import type { RemoteCalls } from './remote-calls';

/** Executes commands about calls that no node in reach owns any more. */
export interface PastCallCommands {
  /** Answers with the data of the reply; null: nothing is known of such a call of this peer. */
  execute(peer: Peer, command: CallCommand): Promise<object | null>;
}

export interface CallRouterDeps {
  readonly calls: Calls;
  readonly remoteCalls: RemoteCalls;
  readonly commands: CallCommands;
  readonly pastCalls: PastCallCommands;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** How long the reply to a block waits for another node. The block holds before. */
const BLOCKED_WITHIN_MS = 900;

/** Commands that a peer may still give when the call has ended. */
const ABOUT_ENDED_CALLS: ReadonlySet<CallEventName> = new Set(['report_user', 'block_user']);

/**
 * Decides for each action about a call whether this node or another one owns the call, and takes the action there.
 * The owner may change during a request to another node. The action then follows the call.
 */
export class CallRouter {
  constructor(private readonly deps: CallRouterDeps) {}

  /** Executes a command at the owner of its call, or from the call's record; answers with the data of the reply. */
  async execute(peer: Peer, command: CallCommand): Promise<object> {
    const { remoteCalls, clock, reportError } = this.deps;
    const executed = this.executeFully(peer, command);
    const isElsewhere =
      command.event === 'block_user' && remoteCalls.partnerIn(peer, command.data.callId) !== undefined;
    if (!isElsewhere) return executed;
    // The two are apart already. The owner, or the records, learn of it in their turn.
    return notLongerThan(executed, {
      clock,
      ms: BLOCKED_WITHIN_MS,
      otherwise: {},
      failedLater: (error) => reportError(error, 'a block could not be kept'),
    });
  }

  private async executeFully(peer: Peer, command: CallCommand): Promise<object> {
    try {
      return await (command.event === 'block_user' ? this.block(peer, command) : this.route(peer, command));
    } catch (error) {
      if (!ABOUT_ENDED_CALLS.has(command.event) || !isOutOfReach(error)) throw error;
      const reply = await this.deps.pastCalls.execute(peer, command);
      if (reply === null) throw error;
      if (command.event === 'block_user') await this.leaveBlocked(peer);
      return reply;
    }
  }

  /** Leaves the peer's present call. Throws `DomainError` with `no_call` or `stale_call` if it is not the named one. */
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
   * Leaves a call that the peer was matched into but not told of yet: for their client the search still goes on.
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

  /** The partner in the peer's present call, whichever node owns it. */
  partnerOf(peer: Peer): { readonly id: string; readonly connectedAt: number | null } | undefined {
    const { calls, remoteCalls } = this.deps;
    if (peer.state.kind !== 'in_call') return undefined;
    const call = calls.get(peer.state.callId);
    if (call !== undefined) return { id: call.other(peer.id).peer.id, connectedAt: call.connectedAt };
    const remote = remoteCalls.of(peer);
    return remote === undefined ? undefined : { id: remote.partner.id, connectedAt: remote.connectedAt };
  }

  private async route(peer: Peer, command: CallCommand): Promise<object> {
    return this.atOwner(peer, this.callIdOf(peer, command), {
      here: () => this.deps.commands.execute(peer, command),
      elsewhere: (callId) => this.forward(peer, callId, command),
    });
  }

  /** No call of the two goes on after a block: neither one whose owner is dying, nor a later one than the block names. */
  private async block(peer: Peer, command: CallCommand): Promise<object> {
    try {
      return await this.route(peer, command);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'node_unreachable') throw error;
      // A leave waits until the call has its next owner, and that one can serve the block.
      await this.leaveBlocked(peer);
      return await this.route(peer, command);
    } finally {
      await this.leaveBlocked(peer);
    }
  }

  /** Leaves the peer's present call if it is with somebody whom the peer has blocked. */
  async leaveBlocked(peer: Peer): Promise<void> {
    const partner = this.partnerOf(peer);
    if (partner === undefined || peer.state.kind !== 'in_call' || !peer.hasBlocked(partner.id)) return;
    try {
      await this.leave(peer, peer.state.callId, 'left');
    } catch (error) {
      // The call has ended meanwhile, which is as good.
      if (!(error instanceof DomainError)) throw error;
    }
  }

  private async forward(peer: Peer, callId: string, { event, data }: CallCommand): Promise<object> {
    const { calls, remoteCalls } = this.deps;
    // The owner of an earlier call does not know that the peer is in another one by now.
    const isEarlierCall = peer.state.kind === 'in_call' && peer.state.callId !== callId;
    if (isEarlierCall && !ABOUT_ENDED_CALLS.has(event))
      throw new DomainError('stale_call', 'that call is over');
    const partnerId = remoteCalls.partnerIn(peer, callId);
    // The peer is on the way out of this call, though its owner may not have heard of it yet.
    const isParted = partnerId !== undefined && peer.hasBlocked(partnerId);
    if (isParted && !ABOUT_ENDED_CALLS.has(event)) throw new DomainError('no_call', 'you are in no call');
    if (event === 'media_state') calls.setMediaState(peer, data);
    if (event === 'block_user' && partnerId !== undefined) {
      // Whatever the owner or the records reply, the two peers are not matched again.
      peer.block(partnerId);
    }
    return remoteCalls.forward(peer, callId, event, data);
  }

  private async atOwner<T>(
    peer: Peer,
    callId: string | undefined,
    action: { readonly here: () => Promise<T>; readonly elsewhere: (callId: string) => Promise<T> },
  ): Promise<T> {
    if (callId === undefined) return action.here();
    if (!this.isElsewhere(peer, callId)) {
      try {
        return await action.here();
      } catch (error) {
        // This node was held up, and another one has taken the call over.
        if (!isStale(error) || !this.isElsewhere(peer, callId)) throw error;
        return action.elsewhere(callId);
      }
    }
    try {
      return await action.elsewhere(callId);
    } catch (error) {
      // The owner has just released the call, and this node owns it now.
      const hasMovedHere = !this.isElsewhere(peer, callId) && this.deps.calls.get(callId) !== undefined;
      if (hasMovedHere && isStale(error)) return action.here();
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

  /** During the request to another node, this node may have become the call's owner. */
  private endIfOwned(peer: Peer, callId: string, reason: 'next' | 'left'): void {
    const { calls } = this.deps;
    const call = calls.get(callId);
    if (call?.participant(peer.id)?.peer === peer) calls.end(call, reason, peer);
  }
}

const isOutOfReach = (error: unknown): boolean =>
  error instanceof DomainError && (error.code === 'stale_call' || error.code === 'node_unreachable');

const isStale = (error: unknown): boolean => error instanceof DomainError && error.code === 'stale_call';
