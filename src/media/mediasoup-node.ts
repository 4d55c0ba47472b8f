import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { MEDIA_NODE_REQUESTS } from '../app/lines/media-node';
import type {
  BridgeLegMedia,
  BridgeLegRequest,
  BridgeRequest,
  HostedLine,
  LocalMediaNode,
  MediaNodeEvents,
  MediaStats,
  OpenedLine,
  OpenLineRequest,
  PipeEnd,
  PipingNode,
} from '../app/lines/media-node';
import type { DataOf, ReplyOf } from '../app/cluster/messages';
import type { NodeAddress } from '../app/ports/bus';
import { EventEmitter } from '../app/ports/event-emitter';
import { DomainError } from '../domain/error';
import type { CallMedia, RtpCapabilities, Source } from '../protocol';
import { Bridge } from './bridges/bridge';
import { Bridges } from './bridges/bridges';
import { CrossNodeBridge } from './bridges/cross-node-bridge';
import { Line } from './line';
import { MediaErrors } from './media-errors';
import type { PipeAddress } from './pipes/node-pipe';
import { NodePipes } from './pipes/node-pipes';
import type { WorkerPool } from './worker-pool';

type Requests = typeof MEDIA_NODE_REQUESTS;
type Request<R extends keyof Requests> = DataOf<Requests[R]>;
type Reply<R extends keyof Requests> = Promise<ReplyOf<Requests[R]>>;

export interface MediasoupNodeSettings {
  /** The address of this node. */
  readonly self: NodeAddress;
  readonly pipeAddress: PipeAddress;
  readonly pipeIdleMs: number;
}

const NO_OTHER_NODES = (address: NodeAddress): never => {
  throw new DomainError('node_unreachable', `no way to the media of ${address}`);
};

/**
 * The media of this node: mediasoup workers, the lines on them, the bridges between lines, and pipes to the workers of
 * other nodes.
 *
 * Cascade of `close()`: bridges, lines, pipes, workers.
 */
export class MediasoupNode implements LocalMediaNode {
  private readonly lines = new Map<string, Line>();
  private readonly bridges: Bridges;
  private readonly pipes: NodePipes;
  private readonly crossNode: CrossNodeBridge;
  private readonly errors: MediaErrors;
  private readonly events = new EventEmitter<MediaNodeEvents>();
  private nodes: (address: NodeAddress) => PipingNode = NO_OTHER_NODES;
  private closed = false;

  constructor(
    private readonly pool: WorkerPool,
    readonly routerRtpCapabilities: RtpCapabilities,
    { self, pipeAddress, pipeIdleMs }: MediasoupNodeSettings,
    log: Logger,
  ) {
    this.errors = new MediaErrors(log);
    this.pipes = new NodePipes({
      self,
      address: pipeAddress,
      idleMs: pipeIdleMs,
      lost: (node, pipeId) => this.events.emit((listener) => listener.pipeLost?.(node, pipeId)),
    });
    const broken = (callId: string, generation: number): void => {
      if (!this.closed) this.events.emit((listener) => listener.bridgeBroken?.(callId, generation));
    };
    this.bridges = new Bridges({
      broken,
      flowing: (callId, generation) =>
        this.events.emit((listener) => listener.bridgeFlowing?.(callId, generation)),
      ended: (callId, generation) =>
        this.events.emit((listener) => listener.bridgeEnded?.(callId, generation)),
    });
    this.crossNode = new CrossNodeBridge(this.pipes, broken);
  }

  on(listener: Partial<MediaNodeEvents>): void {
    this.events.on(listener);
  }

  useNodes(nodes: (address: NodeAddress) => PipingNode): void {
    this.nodes = nodes;
  }

  async openLine({ peerId, gateway, rtpCapabilities, maxKbps }: OpenLineRequest): Promise<OpenedLine> {
    this.dropLine(peerId);
    const worker = this.pool.place();
    worker.lines += 1;
    let line: Line;
    try {
      line = await this.errors.ofClient('the line could not be made', () =>
        Line.open(
          { id: randomUUID(), peerId, gateway, worker, rtpCapabilities, maxKbps },
          { gone: (one) => this.lineGone(one), events: this.events },
        ),
      );
    } catch (error) {
      worker.lines -= 1;
      throw worker.closed ? new DomainError('media_unavailable', 'the media worker died', 500) : error;
    }
    if (this.closed || worker.closed) {
      line.close();
      throw new DomainError('media_unavailable', 'the media worker died', 500);
    }
    // Two requests of one peer may cross. The later one to finish is the peer's line.
    this.dropLine(peerId);
    this.lines.set(peerId, line);
    return {
      lineId: line.id,
      send: line.transportOptions('send'),
      receive: line.transportOptions('receive'),
      silence: line.silenceOptions,
      router: worker.router.id,
    };
  }

  async connect({ peerId, lineId, direction, dtlsParameters }: Request<'connect'>): Reply<'connect'> {
    const line = this.line(peerId, lineId);
    await this.errors.ofClient('the transport could not be connected', () =>
      line.connect(direction, dtlsParameters),
    );
    return {};
  }

  async produce({ peerId, lineId, source, kind, rtpParameters }: Request<'produce'>): Reply<'produce'> {
    const line = this.line(peerId, lineId);
    const producer = await this.errors.ofClient('these RTP parameters were rejected', () =>
      line.produce(source, kind, rtpParameters),
    );
    return { producerId: producer.id };
  }

  unproduce({ peerId, lineId, source }: { peerId: string; lineId: string; source: Source }): void {
    const line = this.lines.get(peerId);
    if (line?.id === lineId) line.unproduce(source);
  }

  limit({ peerId, maxKbps }: { peerId: string; maxKbps: number }): void {
    this.lines
      .get(peerId)
      ?.limit(maxKbps)
      .catch((error: unknown) => this.errors.note(error, 'a line that is closing was not limited'));
  }

  async markReady({ peerId, lineId }: Request<'markReady'>): Reply<'markReady'> {
    return { changed: this.line(peerId, lineId).markReady() };
  }

  async restartIce({ peerId, lineId, direction }: Request<'restartIce'>): Reply<'restartIce'> {
    const line = this.line(peerId, lineId);
    const iceParameters = await this.errors.ofClient('ICE could not be restarted', () =>
      line.restartIce(direction),
    );
    return { iceParameters };
  }

  async setGateway({ peerId, lineId, gateway }: Request<'setGateway'>): Reply<'setGateway'> {
    const line = this.lines.get(peerId);
    if (line?.id !== lineId) return { known: false };
    line.gateway = gateway;
    return { known: true };
  }

  closeLine({ peerId, lineId }: { peerId: string; lineId: string }): void {
    if (this.lines.get(peerId)?.id === lineId) this.dropLine(peerId);
  }

  hostedLines(): readonly HostedLine[] {
    return [...this.lines.values()].map(hosted);
  }

  async createBridge(request: BridgeRequest): Reply<'createBridge'> {
    const { peerIds, other } = request;
    const media = other === null ? await this.bridgeHere(request) : await this.bridgeAcross(request, other);
    return { media: peerIds.flatMap((peerId) => entryOf(media, peerId)) };
  }

  async createBridgeLeg(request: BridgeLegRequest): Promise<BridgeLegMedia> {
    const { callId, generation, peerId, makeBeforeBreak } = request;
    const line = this.readyLine(peerId);
    return this.bridges.make({ callId, generation, makeBeforeBreak, lines: [line] }, ({ check }) =>
      this.errors.ofOurs('a leg of a bridge could not be made', async () => {
        await line.turn;
        check();
        return this.crossNode.answer(request, line);
      }),
    );
  }

  async openPipe({ pipeId, router, from, end }: Request<'openPipe'>): Promise<PipeEnd> {
    const worker = this.pool.alive.find((one) => one.router.id === router);
    if (worker === undefined) throw new DomainError('media_unavailable', 'there is no such router', 500);
    return this.errors.ofOurs('a pipe could not be opened', () =>
      this.pipes.answer(pipeId, from, worker.router, end),
    );
  }

  closePipe({ pipeId }: { pipeId: string }): void {
    this.pipes.drop(pipeId);
  }

  forgetNode(node: NodeAddress): void {
    this.pipes.forget(node);
  }

  async resumeConsumers({
    callId,
    generation,
    isOpen,
  }: Request<'resumeConsumers'>): Reply<'resumeConsumers'> {
    const bridge = this.bridges.get(callId, generation);
    if (bridge !== undefined) {
      await this.errors.ofOurs('the consumers could not be resumed', () => bridge.resumeConsumers(isOpen));
    }
    return {};
  }

  async resumeProducers({
    callId,
    generation,
    isOpen,
  }: Request<'resumeProducers'>): Reply<'resumeProducers'> {
    const bridge = this.bridges.get(callId, generation);
    if (bridge !== undefined) {
      await this.errors.ofOurs('the producers could not be resumed', () => bridge.resumeProducers(isOpen));
      this.bridges.flows(callId, generation);
    }
    return {};
  }

  closeBridge({ callId, generation }: { callId: string; generation: number }): void {
    this.bridges.closeUpTo(callId, generation);
  }

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
      workersFailing: this.pool.failing,
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
      for (const peerId of [...this.lines.keys()]) this.dropLine(peerId);
      this.pipes.close();
      this.pool.close();
    }
    return Promise.resolve();
  }

  private async bridgeHere(request: BridgeRequest): Promise<ReadonlyMap<string, CallMedia>> {
    const { callId, generation, sources, makeBeforeBreak, peerIds } = request;
    const [one, other] = [this.readyLine(peerIds[0]), this.readyLine(peerIds[1])];
    return this.bridges.make({ callId, generation, makeBeforeBreak, lines: [one, other] }, ({ check }) =>
      // A producer can be piped to a router of this node only once at a time, so the bridges of one line take turns.
      inTurn([one, other], () =>
        this.errors.ofOurs('the lines could not be bridged', async () => {
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

  private async bridgeAcross(
    request: BridgeRequest,
    { node, router }: NonNullable<BridgeRequest['other']>,
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const { callId, generation, makeBeforeBreak, peerIds } = request;
    const line = this.readyLine(peerIds[0]);
    const other = { peerId: peerIds[1], node, router };
    return this.bridges.make({ callId, generation, makeBeforeBreak, lines: [line] }, (attempt) =>
      this.errors.ofOurs('the lines could not be bridged over two nodes', async () => {
        // It waits for the line's turn but takes none, so that no other bridge has to wait for another node.
        await line.turn;
        attempt.check();
        return this.crossNode.create({ request, line, other, node: this.nodes(node) }, attempt);
      }),
    );
  }

  private line(peerId: string, lineId: string): Line {
    const line = this.lines.get(peerId);
    if (line?.id !== lineId) throw new DomainError('line_missing', 'there is no such line');
    return line;
  }

  private readyLine(peerId: string): Line {
    const line = this.lines.get(peerId);
    if (line?.ready !== true) throw new DomainError('line_missing', 'a line is not ready');
    return line;
  }

  private dropLine(peerId: string): void {
    const line = this.lines.get(peerId);
    if (line === undefined) return;
    this.lines.delete(peerId);
    line.close();
    this.bridges.lineClosed(line);
  }

  private lineGone(line: Line): void {
    if (this.lines.get(line.peerId) === line) this.lines.delete(line.peerId);
    this.bridges.lineClosed(line);
    if (!this.closed) this.events.emit((listener) => listener.lineLost?.(hosted(line)));
  }
}

const hosted = ({ peerId, id, gateway }: Line): HostedLine => ({ peerId, lineId: id, gateway });

const entryOf = (media: ReadonlyMap<string, CallMedia>, peerId: string): [string, CallMedia][] => {
  const own = media.get(peerId);
  return own === undefined ? [] : [[peerId, own]];
};

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
