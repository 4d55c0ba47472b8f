import type { BridgeLegMedia, BridgeLegRequest, BridgeRequest, MediaPeer } from '../../app/lines/media-node';
import { DomainError } from '../../domain/error';
import type { CallMedia } from '../../protocol';
import { BridgeLeg } from './bridge-leg';
import type { Attempt } from './bridges';
import type { Line } from '../line';
import type { NodePipe } from '../pipes/node-pipe';
import type { FarRouter, NodePipes } from '../pipes/node-pipes';

export interface CrossNodeBridgeRequest {
  readonly bridge: BridgeRequest;
  readonly line: Line;
  readonly other: FarRouter & { readonly peerId: string };
  readonly peer: MediaPeer;
}

/**
 * How two nodes join a call together. One asks: it pipes out what its person sends, has the other lay its half of it,
 * and takes in what that one pipes back. The request is one message where the pipe is there already.
 */
export class CrossNodeBridge {
  constructor(
    private readonly pipes: NodePipes,
    /** What was joined so has nothing any more through which it could flow. */
    private readonly broken: (callId: string, generation: number) => void,
  ) {}

  async ask(
    request: CrossNodeBridgeRequest,
    attempt: Attempt,
  ): Promise<{ bridge: BridgeLeg; answer: ReadonlyMap<string, CallMedia> }> {
    const { bridge, line, other, peer } = request;
    for (let isLast = false; ; isLast = true) {
      const pipe = await this.pipes.between(line.worker.router, other, peer);
      attempt.check();
      const half = this.half(bridge, line, pipe);
      const giveUp = (): void => half.close();
      attempt.signal.addEventListener('abort', giveUp);
      try {
        const theirs = await this.layBoth(half, pipe, request);
        const answer = new Map([
          [line.peerId, half.media],
          [other.peerId, theirs],
        ]);
        return { bridge: half, answer };
      } catch (error) {
        half.close();
        // A pipe whose other end had vanished has done no harm yet: another is tried, once.
        if (isLast || pipe.isGood) throw error;
        attempt.check();
      } finally {
        attempt.signal.removeEventListener('abort', giveUp);
      }
    }
  }

  /** What the other node asks for. */
  async answer(
    request: BridgeLegRequest,
    line: Line,
  ): Promise<{ bridge: BridgeLeg; answer: BridgeLegMedia }> {
    const pipe = this.pipes.known(request.pipeId, line.worker.router);
    const half = this.half(request, line, pipe);
    try {
      const [outgoing] = await Promise.all([half.sendOut(), half.takeIn(request.incoming)]);
      return { bridge: half, answer: { media: half.media, outgoing } };
    } catch (error) {
      half.close();
      throw error;
    }
  }

  private half({ callId, generation, sources }: BridgeRequest, line: Line, pipe: NodePipe): BridgeLeg {
    return new BridgeLeg(generation, line, pipe, sources, () => this.broken(callId, generation));
  }

  private async layBoth(
    half: BridgeLeg,
    pipe: NodePipe,
    request: CrossNodeBridgeRequest,
  ): Promise<CallMedia> {
    const { bridge, other, peer } = request;
    const incoming = await half.sendOut();
    const wanted = { ...bridge, peerId: other.peerId, pipeId: pipe.id, incoming };
    const { media, outgoing } = await peer.createBridgeLeg(wanted).catch((error: unknown) => {
      // The pipe may be unknown there. If it was something else, whoever uses it goes on, and a new one costs little.
      if (error instanceof DomainError && error.code === 'media_unavailable') this.pipes.retire(pipe);
      throw error;
    });
    half.sendOnly(media.consumers.map(({ source }) => source));
    await half.takeIn(outgoing);
    return media;
  }
}
