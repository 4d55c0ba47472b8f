import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { NodeAddress } from '../app/ports/bus';
import type {
  BridgeLegMedia,
  BridgeLegRequest,
  BridgeRequest,
  MediaNode,
  MediaNodeEvents,
  MediaPeer,
  NodeLine,
  PipeEnd,
  RouterId,
} from '../app/lines/media-node';
import type { MediaStats } from '../app/lines/media-plane';
import { DomainError } from '../domain/error';
import type {
  CallMedia,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
} from '../protocol';
import { CrossNodeBridge } from './bridges/cross-node-bridge';
import { Bridge } from './bridges/bridge';
import { Bridges } from './bridges/bridges';
import { Line } from './line';
import type { PipeAddress } from './pipes/node-pipe';
import { NodePipes } from './pipes/node-pipes';
import type { WorkerPool } from './worker-pool';

export interface UnitSettings {
  /** What this node is called among the others. */
  readonly self: NodeAddress;
  readonly pipeAddress: PipeAddress;
  readonly pipeIdleMs: number;
}

/**
 * The media of one node: mediasoup workers, the lines on them, the joinings between lines, and pipes to the workers of
 * other nodes.
 *
 * Cascade of `close()`: joinings, lines, pipes, workers.
 */
export class MediasoupNode implements MediaNode {
  private readonly lines = new Map<string, Line>();
  private readonly bridges: Bridges;
  private readonly pipes: NodePipes;
  private readonly across: CrossNodeBridge;
  private events: MediaNodeEvents = {
    lineLost: () => undefined,
    pipeLost: () => undefined,
    bridgeBroken: () => undefined,
  };
  private closed = false;

  constructor(
    private readonly pool: WorkerPool,
    readonly routerRtpCapabilities: RtpCapabilities,
    { self, pipeAddress, pipeIdleMs }: UnitSettings,
    private readonly log: Logger,
  ) {
    this.pipes = new NodePipes({
      self,
      address: pipeAddress,
      idleMs: pipeIdleMs,
      log,
      lost: (node, pipeId) => this.events.pipeLost(node, pipeId),
    });
    const broken = (callId: string, generation: number): void => {
      if (!this.closed) this.events.bridgeBroken(callId, generation);
    };
    this.bridges = new Bridges(broken);
    this.across = new CrossNodeBridge(this.pipes, broken);
  }

  on(events: MediaNodeEvents): void {
    this.events = events;
  }

  async openLine(peerId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<NodeLine> {
    this.closeLine(peerId);
    const worker = this.pool.place();
    worker.lines += 1;
    let line: Line;
    try {
      line = await this.guard('the line could not be made', () =>
        Line.open({ id: randomUUID(), peerId, worker, rtpCapabilities, maxKbps }, (gone) =>
          this.lineGone(gone),
        ),
      );
    } catch (error) {
      worker.lines -= 1;
      throw worker.closed ? new DomainError('media_unavailable', 'the media worker went away', 500) : error;
    }
    if (this.closed || worker.closed) {
      line.close();
      throw new DomainError('media_unavailable', 'the media worker went away', 500);
    }
    // Two requests of one person may cross; the later one to finish is the person's line.
    this.closeLine(peerId);
    this.lines.set(peerId, line);
    return {
      lineId: line.id,
      send: line.transportOptions('send'),
      receive: line.transportOptions('receive'),
      silence: line.silenceOptions,
      router: worker.router.id,
    };
  }

  connect(peerId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void> {
    const line = this.line(peerId, lineId);
    return this.guard('the transport could not be connected', () => line.connect(direction, dtls));
  }

  async produce(
    peerId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string> {
    const line = this.line(peerId, lineId);
    const producer = await this.guard('these RTP parameters were refused', () =>
      line.produce(request.source, request.kind, request.rtpParameters),
    );
    return producer.id;
  }

  unproduce(peerId: string, lineId: string, source: Source): void {
    this.line(peerId, lineId).unproduce(source);
  }

  limit(peerId: string, maxKbps: number): void {
    this.lines
      .get(peerId)
      ?.limit(maxKbps)
      .catch((error: unknown) => {
        this.log.debug({ err: error }, 'a line that is closing was not limited');
      });
  }

  markReady(peerId: string, lineId: string): boolean {
    return this.line(peerId, lineId).markReady();
  }

  restartIce(peerId: string, lineId: string, direction: Direction): ReturnType<MediaNode['restartIce']> {
    const line = this.line(peerId, lineId);
    return this.guard('ICE could not be restarted', () => line.restartIce(direction));
  }

  closeLine(peerId: string, lineId?: string): boolean {
    const line = this.lines.get(peerId);
    if (line === undefined || (lineId !== undefined && line.id !== lineId)) return false;
    this.lines.delete(peerId);
    line.close();
    this.bridges.lineClosed(line);
    return true;
  }

  lineOwners(): readonly string[] {
    return [...this.lines.keys()];
  }

  async createBridge(
    { callId, generation, sources, makeBeforeBreak }: BridgeRequest,
    peerIds: readonly [string, string],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const [one, other] = [this.readyLine(peerIds[0]), this.readyLine(peerIds[1])];
    return this.bridges.make({ callId, generation, makeBeforeBreak, lines: [one, other] }, ({ check }) =>
      // A producer can be piped to a router of this node only once at a time: these joinings of one line take turns.
      inTurn([one, other], () =>
        this.guardInternal('the lines could not be joined', async () => {
          check();
          const bridge = await Bridge.create(generation, [one, other], sources);
          const answer = new Map([
            [one.peerId, bridge.mediaFor(one)],
            [other.peerId, bridge.mediaFor(other)],
          ]);
          return { bridge, answer };
        }),
      ),
    );
  }

  async createCrossNodeBridge(
    bridge: BridgeRequest,
    peerId: string,
    other: { readonly peerId: string; readonly node: NodeAddress; readonly router: RouterId },
    peer: MediaPeer,
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const line = this.readyLine(peerId);
    return this.bridges.make({ ...bridge, lines: [line] }, (attempt) =>
      this.guardInternal('the lines could not be joined over nodes', async () => {
        // Waits for its turn but takes none: it is in nobody's way, and nobody should wait for another node in vain.
        await line.turn;
        attempt.check();
        return this.across.ask({ bridge, line, other, peer }, attempt);
      }),
    );
  }

  async createBridgeLeg(request: BridgeLegRequest): Promise<BridgeLegMedia> {
    const { callId, generation, peerId, makeBeforeBreak } = request;
    const line = this.readyLine(peerId);
    return this.bridges.make({ callId, generation, makeBeforeBreak, lines: [line] }, ({ check }) =>
      this.guardInternal('half of a call could not be laid', async () => {
        await line.turn;
        check();
        return this.across.answer(request, line);
      }),
    );
  }

  async openPipe(request: {
    readonly pipeId: string;
    readonly router: RouterId;
    readonly from: NodeAddress;
    readonly end: PipeEnd;
  }): Promise<PipeEnd> {
    const worker = this.pool.alive.find(({ router }) => router.id === request.router);
    if (worker === undefined) throw new DomainError('media_unavailable', 'there is no such router', 500);
    return this.guardInternal('a pipe could not be opened', () =>
      this.pipes.answer(request.pipeId, request.from, worker.router, request.end),
    );
  }

  closePipe(pipeId: string): Promise<void> {
    this.pipes.drop(pipeId);
    return Promise.resolve();
  }

  forgetNode(node: NodeAddress): void {
    this.pipes.forget(node);
  }

  async resumeConsumers(callId: string, generation: number, sound: boolean): Promise<void> {
    const bridge = this.bridges.get(callId, generation);
    if (bridge === undefined) return;
    await this.guardInternal('the way could not be opened', () => bridge.resumeConsumers(sound));
  }

  async resumeProducers(callId: string, generation: number, sound: boolean): Promise<void> {
    const bridge = this.bridges.get(callId, generation);
    if (bridge === undefined) return;
    await this.guardInternal('the media could not be started', () => bridge.resumeProducers(sound));
  }

  closeBridge(callId: string, generation?: number): void {
    this.bridges.closeFor(callId, generation);
  }

  /** Process ids of the workers, for those who watch or try them from outside. */
  workerPids(): readonly number[] {
    return this.pool.alive.map(({ pid }) => pid);
  }

  stats(): MediaStats {
    const lines = [...this.lines.values()];
    const bridges = this.bridges.all;
    const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
    return {
      workers: this.pool.size,
      workersAlive: this.pool.alive.length,
      lines: lines.length,
      bridges: bridges.length,
      transports: lines.length * 2,
      producers: sum(lines.map((line) => line.producers.size)),
      consumers: sum(bridges.map((bridge) => bridge.consumers)),
      pipes: sum(bridges.map((bridge) => bridge.pipes)),
      nodePipes: this.pipes.size,
      workerDeaths: this.pool.deaths,
    };
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.bridges.close();
      for (const peerId of [...this.lines.keys()]) this.closeLine(peerId);
      this.pipes.close();
      this.pool.close();
    }
    return Promise.resolve();
  }

  private line(peerId: string, lineId: string): Line {
    const line = this.lines.get(peerId);
    if (line === undefined || line.id !== lineId)
      throw new DomainError('line_missing', 'there is no such line');
    return line;
  }

  private readyLine(peerId: string): Line {
    const line = this.lines.get(peerId);
    if (line === undefined || !line.ready) throw new DomainError('line_missing', 'a line is not ready');
    return line;
  }

  private lineGone(line: Line): void {
    if (this.lines.get(line.peerId) === line) this.lines.delete(line.peerId);
    this.bridges.lineClosed(line);
    if (!this.closed) this.events.lineLost(line.peerId, line.id);
  }

  /** What no client has a say in: an error here is ours, or a worker's that died. */
  private guardInternal<T>(message: string, action: () => Promise<T>): Promise<T> {
    return this.coded(action, (error) => {
      this.log.warn({ err: error }, message);
      return new DomainError('media_unavailable', message, 500);
    });
  }

  /** mediasoup answers nonsense from a client with an error of its own; here it gets a code and is logged. */
  private guard<T>(message: string, action: () => Promise<T>): Promise<T> {
    return this.coded(action, (error) => {
      this.log.debug({ err: error }, message);
      return new DomainError('line_refused', message);
    });
  }

  private async coded<T>(action: () => Promise<T>, domainError: (error: unknown) => DomainError): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw error instanceof DomainError ? error : domainError(error);
    }
  }
}

/** Runs `action` when every earlier one that took one of these lines has settled. */
function inTurn<T>(lines: readonly Line[], action: () => Promise<T>): Promise<T> {
  const done = Promise.all(lines.map(({ turn }) => turn)).then(action);
  const settled = done.then(
    () => undefined,
    () => undefined,
  );
  for (const line of lines) line.turn = settled;
  return done;
}
