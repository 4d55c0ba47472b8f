import type { BridgeLegMedia, BridgeLegRequest, BridgeRequest, PipingNode } from '../../app/lines/media-node';
import { DomainError } from '../../domain/error';
import type { CallMedia, Source } from '../../protocol';
import type { Line } from '../line';
import type { NodePipe } from '../pipes/node-pipe';
import type { NodePipes, RemoteRouter } from '../pipes/node-pipes';
import { BridgeLeg } from './bridge-leg';
import type { Attempt } from './bridges';

export interface CrossNodeBridgeRequest {
  readonly request: BridgeRequest;
  readonly line: Line;
  readonly other: RemoteRouter & { readonly peerId: string };
  /** The media of the other node. */
  readonly node: PipingNode;
}

interface BridgeIdentity {
  readonly callId: string;
  readonly generation: number;
  readonly sources: readonly Source[];
}

/**
 * A bridge over two nodes has a leg on each. One node takes the first step: it pipes out what its peer sends, requests
 * the other node's leg, and takes in what that node pipes back. Where the pipe is open already, this is one message.
 */
export class CrossNodeBridge {
  constructor(
    private readonly pipes: NodePipes,
    /** The pipe of a leg is gone: nothing can flow through the bridge any more. */
    private readonly broken: (callId: string, generation: number) => void,
  ) {}

  /** The first step, on the node that received the request for the bridge. */
  async create(
    bridge: CrossNodeBridgeRequest,
    attempt: Attempt,
  ): Promise<{ bridge: BridgeLeg; answer: ReadonlyMap<string, CallMedia> }> {
    const { request, line, other, node } = bridge;
    for (let isLast = false; ; isLast = true) {
      const pipe = await this.pipes.between(line.worker.router, other, node);
      attempt.check();
      const leg = this.leg(request, line, pipe);
      const abort = (): void => leg.close();
      attempt.signal.addEventListener('abort', abort);
      try {
        const theirs = await this.createBoth(leg, pipe, bridge);
        const answer = new Map([
          [line.peerId, leg.media],
          [other.peerId, theirs],
        ]);
        return { bridge: leg, answer };
      } catch (error) {
        leg.close();
        // The other end of the pipe may be gone. Nothing was lost by that, so a new pipe is tried once.
        if (isLast || pipe.isUsable) throw error;
        attempt.check();
      } finally {
        attempt.signal.removeEventListener('abort', abort);
      }
    }
  }

  /** The other node requests this node's leg. */
  async answer(
    request: BridgeLegRequest,
    line: Line,
  ): Promise<{ bridge: BridgeLeg; answer: BridgeLegMedia }> {
    const pipe = this.pipes.known(request.pipeId, line.worker.router);
    const leg = this.leg(request, line, pipe);
    try {
      const [outgoing] = await Promise.all([leg.pipeOut(), leg.takeIn(request.incoming)]);
      return { bridge: leg, answer: { media: leg.media, outgoing } };
    } catch (error) {
      leg.close();
      throw error;
    }
  }

  private leg({ callId, generation, sources }: BridgeIdentity, line: Line, pipe: NodePipe): BridgeLeg {
    return new BridgeLeg(generation, line, pipe, sources, () => this.broken(callId, generation));
  }

  private async createBoth(
    leg: BridgeLeg,
    pipe: NodePipe,
    { request, other, node }: CrossNodeBridgeRequest,
  ): Promise<CallMedia> {
    const { callId, generation, sources, makeBeforeBreak } = request;
    const incoming = await leg.pipeOut();
    const wanted = {
      callId,
      generation,
      sources,
      makeBeforeBreak,
      peerId: other.peerId,
      pipeId: pipe.id,
      incoming,
    };
    const { media, outgoing } = await node.createBridgeLeg(wanted).catch((error: unknown) => {
      // The other node may not know the pipe. If the cause was another one, bridges on the pipe go on, and a new pipe
      // costs little.
      if (error instanceof DomainError && error.code === 'media_unavailable') this.pipes.retire(pipe);
      throw error;
    });
    leg.pipeOnly(media.consumers.map(({ source }) => source));
    await leg.takeIn(outgoing);
    return media;
  }
}
