import pino from 'pino';
import { z } from 'zod';
import type {
  BridgeLegMedia,
  BridgeLegRequest,
  MediaNode,
  PipeEnd,
  PipingNode,
} from '../../src/app/lines/media-node';
import { DomainError } from '../../src/domain/error';
import { startMediasoupNode } from '../../src/media';
import type { MediasoupNode } from '../../src/media/mediasoup-node';
import { ERROR_CODES, rtpParametersSchema, type Source } from '../../src/protocol';
import { cameraRtp, microphoneRtp, receiver } from './rtp';

export const BOTH: readonly Source[] = ['microphone', 'camera'];

/** A media node of an installation within one process. */
export interface TestMediaNode {
  readonly name: string;
  readonly media: MediasoupNode;
  /** Lines and pipes that were lost. */
  readonly linesLost: string[];
  readonly broken: { callId: string; generation: number }[];
  readonly pipesLost: { readonly node: string; readonly pipeId: string }[];
}

export async function startMediaNode(
  name: string,
  workers: number,
  pipeIdleMs = 30_000,
): Promise<TestMediaNode> {
  const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
  const media = await startMediasoupNode(
    {
      ip: '127.0.0.1',
      port: 0,
      workers,
      self: name,
      pipeIdleMs,
      ...(workerBin === undefined ? {} : { workerBin }),
    },
    pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
  );
  const node: TestMediaNode = { name, media, linesLost: [], pipesLost: [], broken: [] };
  media.on({
    lineLost: ({ peerId }) => void node.linesLost.push(peerId),
    pipeLost: (other, pipeId) => void node.pipesLost.push({ node: other, pipeId }),
    bridgeBroken: (callId, generation) => void node.broken.push({ callId, generation }),
  });
  return node;
}

/** Makes a ready line; returns its router. */
export async function readyLine({ media }: TestMediaNode, peerId: string): Promise<string> {
  const { lineId, router } = await media.openLine({
    peerId,
    gateway: 'any',
    rtpCapabilities: receiver,
    maxKbps: 2000,
  });
  const camera = { source: 'camera', kind: 'video', rtpParameters: cameraRtp() } as const;
  const microphone = { source: 'microphone', kind: 'audio', rtpParameters: microphoneRtp() } as const;
  for (const request of [camera, microphone]) await media.produce({ peerId, lineId, ...request });
  await media.markReady({ peerId, lineId });
  return router;
}

export type PipingRequest = keyof PipingNode;

/**
 * A node as another one sees it: every message becomes text in both directions and is parsed with the protocol's schemas
 * of media. So values that exist in one process only, or are not in the schemas, do not arrive.
 */
export class WireNode implements PipingNode {
  readonly requests: PipingRequest[] = [];
  /** Delays a request, or rejects it, before it arrives. */
  before: (request: PipingRequest) => Promise<void> = () => Promise.resolve();

  constructor(private readonly node: TestMediaNode) {}

  openPipe(request: Parameters<MediaNode['openPipe']>[0]): Promise<PipeEnd> {
    return this.pass('openPipe', () => this.node.media.openPipe(overTheWire(request)));
  }

  createBridgeLeg(request: BridgeLegRequest): Promise<BridgeLegMedia> {
    return this.pass('createBridgeLeg', async () => {
      const sent = overTheWire(request);
      const incoming = sent.incoming.map(parsed);
      const { media, outgoing } = await this.node.media.createBridgeLeg({ ...sent, incoming });
      return { media, outgoing: overTheWire(outgoing).map(parsed) };
    });
  }

  /** A notification: the sender never learns whether it arrives. */
  closePipe(about: { pipeId: string }): void {
    const arrive = async (): Promise<void> => this.node.media.closePipe(overTheWire(about));
    this.pass('closePipe', arrive).catch(() => undefined);
  }

  private async pass<T>(name: PipingRequest, request: () => Promise<T>): Promise<T> {
    this.requests.push(name);
    await this.before(name);
    // Messages between nodes are asynchronous, even in one process.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      const answer = await request();
      return answer === undefined ? answer : overTheWire(answer);
    } catch (error) {
      const domainError = z.object({ code: z.enum(ERROR_CODES), message: z.string() }).safeParse(error);
      throw domainError.success ? new DomainError(domainError.data.code, domainError.data.message) : error;
    }
  }
}

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const parsed = <T extends { readonly rtpParameters: unknown }>(piped: T) => ({
  ...piped,
  rtpParameters: rtpParametersSchema.parse(piped.rtpParameters),
});

export async function errorCodeOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'accepted',
    (error: unknown) => (error instanceof DomainError ? error.code : `not a DomainError: ${String(error)}`),
  );
}

/** Waits, for at most a few seconds, for a condition that has no event. */
export async function until(isSo: () => boolean, ms = 3_000): Promise<void> {
  const end = Date.now() + ms;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('the condition did not hold in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
