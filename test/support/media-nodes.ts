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

/** A media node of an installation that lives in one process. */
export interface TestMediaNode {
  readonly name: string;
  readonly unit: MediasoupNode;
  /** Lines and pipes that went without anybody's wish. */
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
  const unit = await startMediasoupNode(
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
  const node: TestMediaNode = { name, unit, linesLost: [], pipesLost: [], broken: [] };
  unit.on({
    lineLost: ({ peerId }) => void node.linesLost.push(peerId),
    pipeLost: (other, pipeId) => void node.pipesLost.push({ node: other, pipeId }),
    bridgeBroken: (callId, generation) => void node.broken.push({ callId, generation }),
  });
  return node;
}

/** Makes a ready line; answers with its router. */
export async function readyLine({ unit }: TestMediaNode, peerId: string): Promise<string> {
  const { lineId, router } = await unit.openLine({
    peerId,
    gateway: 'any',
    rtpCapabilities: receiver,
    maxKbps: 2000,
  });
  const camera = { source: 'camera', kind: 'video', rtpParameters: cameraRtp() } as const;
  const microphone = { source: 'microphone', kind: 'audio', rtpParameters: microphoneRtp() } as const;
  for (const request of [camera, microphone]) await unit.produce({ peerId, lineId, ...request });
  await unit.markReady({ peerId, lineId });
  return router;
}

export type PipingRequest = keyof PipingNode;

/**
 * A node as another one sees it: all that passes is text on the way, in both directions, and is read as the protocol
 * reads media, so that what only lives in one process or is not in the schemas does not arrive.
 */
export class WireNode implements PipingNode {
  readonly asked: PipingRequest[] = [];
  /** Holds a request up, or refuses it, before it arrives. */
  before: (request: PipingRequest) => Promise<void> = () => Promise.resolve();

  constructor(private readonly node: TestMediaNode) {}

  openPipe(request: Parameters<MediaNode['openPipe']>[0]): Promise<PipeEnd> {
    return this.pass('openPipe', () => this.node.unit.openPipe(overTheWire(request)));
  }

  createBridgeLeg(request: BridgeLegRequest): Promise<BridgeLegMedia> {
    return this.pass('createBridgeLeg', async () => {
      const sent = overTheWire(request);
      const incoming = sent.incoming.map(parsed);
      const { media, outgoing } = await this.node.unit.createBridgeLeg({ ...sent, incoming });
      return { media, outgoing: overTheWire(outgoing).map(parsed) };
    });
  }

  /** A notification: whether it arrives, the sender never learns. */
  closePipe(about: { pipeId: string }): void {
    const arrive = async (): Promise<void> => this.node.unit.closePipe(overTheWire(about));
    this.pass('closePipe', arrive).catch(() => undefined);
  }

  private async pass<T>(name: PipingRequest, request: () => Promise<T>): Promise<T> {
    this.asked.push(name);
    await this.before(name);
    // Words between nodes take their time, even in one process.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      const answer = await request();
      return answer === undefined ? answer : overTheWire(answer);
    } catch (error) {
      const refused = z.object({ code: z.enum(ERROR_CODES), message: z.string() }).safeParse(error);
      throw refused.success ? new DomainError(refused.data.code, refused.data.message) : error;
    }
  }
}

const overTheWire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const parsed = <T extends { readonly rtpParameters: unknown }>(piped: T) => ({
  ...piped,
  rtpParameters: rtpParametersSchema.parse(piped.rtpParameters),
});

export async function refusalOf(request: Promise<unknown>): Promise<string> {
  return request.then(
    () => 'accepted',
    (error: unknown) => (error instanceof DomainError ? error.code : `not a refusal: ${String(error)}`),
  );
}

/** Waits, for at most a few seconds, for something that has no event of its own. */
export async function until(isSo: () => boolean, ms = 3_000): Promise<void> {
  const end = Date.now() + ms;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
