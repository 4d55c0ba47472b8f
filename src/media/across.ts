import type { Half, HalfRequest, Joined, MediaPeer } from '../app/ports/media-node';
import { Refusal } from '../domain/refusal';
import type { CallMedia } from '../protocol';
import { HalfJoining } from './half-joining';
import type { Attempt } from './joinings';
import type { Line } from './line';
import type { NodePipe } from './pipes/node-pipe';
import type { FarRouter, NodePipes } from './pipes/node-pipes';

export interface AcrossRequest {
  readonly joined: Joined;
  readonly line: Line;
  readonly other: FarRouter & { readonly personId: string };
  readonly peer: MediaPeer;
}

/**
 * How two nodes join a call together. One asks: it pipes out what its person sends, has the other lay its half of it,
 * and takes in what that one pipes back. The request is one message where the pipe is there already.
 */
export class Across {
  constructor(
    private readonly pipes: NodePipes,
    /** What was joined so has nothing any more through which it could flow. */
    private readonly broken: (callId: string, generation: number) => void,
  ) {}

  async ask(
    request: AcrossRequest,
    attempt: Attempt,
  ): Promise<{ joining: HalfJoining; answer: ReadonlyMap<string, CallMedia> }> {
    const { joined, line, other, peer } = request;
    for (let isLast = false; ; isLast = true) {
      const pipe = await this.pipes.between(line.worker.router, other, peer);
      attempt.check();
      const half = this.half(joined, line, pipe);
      const giveUp = (): void => half.close();
      attempt.signal.addEventListener('abort', giveUp);
      try {
        const theirs = await this.layBoth(half, pipe, request);
        const answer = new Map([
          [line.personId, half.media],
          [other.personId, theirs],
        ]);
        return { joining: half, answer };
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
  async answer(request: HalfRequest, line: Line): Promise<{ joining: HalfJoining; answer: Half }> {
    const pipe = this.pipes.known(request.pipeId, line.worker.router);
    const half = this.half(request, line, pipe);
    try {
      const [outgoing] = await Promise.all([half.sendOut(), half.takeIn(request.incoming)]);
      return { joining: half, answer: { media: half.media, outgoing } };
    } catch (error) {
      half.close();
      throw error;
    }
  }

  private half({ callId, generation, sources }: Joined, line: Line, pipe: NodePipe): HalfJoining {
    return new HalfJoining(generation, line, pipe, sources, () => this.broken(callId, generation));
  }

  private async layBoth(half: HalfJoining, pipe: NodePipe, request: AcrossRequest): Promise<CallMedia> {
    const { joined, other, peer } = request;
    const incoming = await half.sendOut();
    const wanted = { ...joined, personId: other.personId, pipeId: pipe.id, incoming };
    const { media, outgoing } = await peer.layHalf(wanted).catch((error: unknown) => {
      // The pipe may be unknown there. If it was something else, whoever uses it goes on, and a new one costs little.
      if (error instanceof Refusal && error.code === 'media_unavailable') this.pipes.retire(pipe);
      throw error;
    });
    half.sendOnly(media.consumers.map(({ source }) => source));
    await half.takeIn(outgoing);
    return media;
  }
}
