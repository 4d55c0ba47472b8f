import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { NodeAddress } from '../app/ports/bus';
import type {
  Half,
  HalfRequest,
  Joined,
  MediaNode,
  MediaNodeEvents,
  MediaPeer,
  NodeLine,
  PipeEnd,
  RouterId,
} from '../app/ports/media-node';
import type { MediaCensus } from '../app/ports/media-plane';
import { Refusal } from '../domain/refusal';
import type {
  CallMedia,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
} from '../protocol';
import { Across } from './across';
import { Joining } from './joining';
import { Joinings } from './joinings';
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
export class ForwardingUnit implements MediaNode {
  private readonly lines = new Map<string, Line>();
  private readonly joinings: Joinings;
  private readonly pipes: NodePipes;
  private readonly across: Across;
  private events: MediaNodeEvents = {
    lineLost: () => undefined,
    pipeLost: () => undefined,
    joiningBroken: () => undefined,
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
      if (!this.closed) this.events.joiningBroken(callId, generation);
    };
    this.joinings = new Joinings(broken);
    this.across = new Across(this.pipes, broken);
  }

  on(events: MediaNodeEvents): void {
    this.events = events;
  }

  async openLine(personId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<NodeLine> {
    this.closeLine(personId);
    const worker = this.pool.place();
    worker.lines += 1;
    let line: Line;
    try {
      line = await this.guard('the line could not be made', () =>
        Line.open({ id: randomUUID(), personId, worker, rtpCapabilities, maxKbps }, (gone) =>
          this.lineGone(gone),
        ),
      );
    } catch (error) {
      worker.lines -= 1;
      throw worker.closed ? new Refusal('media_unavailable', 'the media worker went away', 500) : error;
    }
    if (this.closed || worker.closed) {
      line.close();
      throw new Refusal('media_unavailable', 'the media worker went away', 500);
    }
    // Two requests of one person may cross; the later one to finish is the person's line.
    this.closeLine(personId);
    this.lines.set(personId, line);
    return {
      lineId: line.id,
      send: line.transportOptions('send'),
      receive: line.transportOptions('receive'),
      silence: line.silenceOptions,
      router: worker.router.id,
    };
  }

  connect(personId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void> {
    const line = this.line(personId, lineId);
    return this.guard('the transport could not be connected', () => line.connect(direction, dtls));
  }

  async produce(
    personId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string> {
    const line = this.line(personId, lineId);
    const producer = await this.guard('these RTP parameters were refused', () =>
      line.produce(request.source, request.kind, request.rtpParameters),
    );
    return producer.id;
  }

  unproduce(personId: string, lineId: string, source: Source): void {
    this.line(personId, lineId).unproduce(source);
  }

  limit(personId: string, maxKbps: number): void {
    this.lines
      .get(personId)
      ?.limit(maxKbps)
      .catch((error: unknown) => {
        this.log.debug({ err: error }, 'a line that is closing was not limited');
      });
  }

  markReady(personId: string, lineId: string): boolean {
    return this.line(personId, lineId).markReady();
  }

  restartIce(personId: string, lineId: string, direction: Direction): ReturnType<MediaNode['restartIce']> {
    const line = this.line(personId, lineId);
    return this.guard('ICE could not be restarted', () => line.restartIce(direction));
  }

  closeLine(personId: string, lineId?: string): boolean {
    const line = this.lines.get(personId);
    if (line === undefined || (lineId !== undefined && line.id !== lineId)) return false;
    this.lines.delete(personId);
    line.close();
    this.joinings.lineClosed(line);
    return true;
  }

  lineOwners(): readonly string[] {
    return [...this.lines.keys()];
  }

  async join(
    { callId, generation, sources, beside }: Joined,
    personIds: readonly [string, string],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const [one, other] = [this.readyLine(personIds[0]), this.readyLine(personIds[1])];
    return this.joinings.make({ callId, generation, beside, lines: [one, other] }, ({ check }) =>
      // A producer can be piped to a router of this node only once at a time: these joinings of one line take turns.
      inTurn([one, other], () =>
        this.guardOurs('the lines could not be joined', async () => {
          check();
          const joining = await Joining.make(generation, [one, other], sources);
          const answer = new Map([
            [one.personId, joining.mediaFor(one)],
            [other.personId, joining.mediaFor(other)],
          ]);
          return { joining, answer };
        }),
      ),
    );
  }

  async joinAcross(
    joined: Joined,
    personId: string,
    other: { readonly personId: string; readonly node: NodeAddress; readonly router: RouterId },
    peer: MediaPeer,
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const line = this.readyLine(personId);
    return this.joinings.make({ ...joined, lines: [line] }, (attempt) =>
      this.guardOurs('the lines could not be joined over nodes', async () => {
        // Waits for its turn but takes none: it is in nobody's way, and nobody should wait for another node in vain.
        await line.turn;
        attempt.check();
        return this.across.ask({ joined, line, other, peer }, attempt);
      }),
    );
  }

  async layHalf(request: HalfRequest): Promise<Half> {
    const { callId, generation, personId, beside } = request;
    const line = this.readyLine(personId);
    return this.joinings.make({ callId, generation, beside, lines: [line] }, ({ check }) =>
      this.guardOurs('half of a call could not be laid', async () => {
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
    if (worker === undefined) throw new Refusal('media_unavailable', 'there is no such router', 500);
    return this.guardOurs('a pipe could not be opened', () =>
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

  async openWay(callId: string, generation: number, sound: boolean): Promise<void> {
    const joining = this.joinings.get(callId, generation);
    if (joining === undefined) return;
    await this.guardOurs('the way could not be opened', () => joining.openWay(sound));
  }

  async letFlow(callId: string, generation: number, sound: boolean): Promise<void> {
    const joining = this.joinings.get(callId, generation);
    if (joining === undefined) return;
    await this.guardOurs('the media could not be started', () => joining.letFlow(sound));
  }

  part(callId: string, generation?: number): void {
    this.joinings.part(callId, generation);
  }

  /** Process ids of the workers, for those who watch or try them from outside. */
  workerPids(): readonly number[] {
    return this.pool.alive.map(({ pid }) => pid);
  }

  census(): MediaCensus {
    const lines = [...this.lines.values()];
    const joinings = this.joinings.all;
    const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
    return {
      workers: this.pool.size,
      workersAlive: this.pool.alive.length,
      lines: lines.length,
      joinings: joinings.length,
      transports: lines.length * 2,
      producers: sum(lines.map((line) => line.producers.size)),
      consumers: sum(joinings.map((joining) => joining.consumers)),
      pipes: sum(joinings.map((joining) => joining.pipes)),
      nodePipes: this.pipes.size,
      workerDeaths: this.pool.deaths,
    };
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      this.joinings.close();
      for (const personId of [...this.lines.keys()]) this.closeLine(personId);
      this.pipes.close();
      this.pool.close();
    }
    return Promise.resolve();
  }

  private line(personId: string, lineId: string): Line {
    const line = this.lines.get(personId);
    if (line === undefined || line.id !== lineId) throw new Refusal('line_missing', 'there is no such line');
    return line;
  }

  private readyLine(personId: string): Line {
    const line = this.lines.get(personId);
    if (line === undefined || !line.ready) throw new Refusal('line_missing', 'a line is not ready');
    return line;
  }

  private lineGone(line: Line): void {
    if (this.lines.get(line.personId) === line) this.lines.delete(line.personId);
    this.joinings.lineClosed(line);
    if (!this.closed) this.events.lineLost(line.personId, line.id);
  }

  /** What no client has a say in: an error here is ours, or a worker's that died. */
  private guardOurs<T>(words: string, action: () => Promise<T>): Promise<T> {
    return this.coded(action, (error) => {
      this.log.warn({ err: error }, words);
      return new Refusal('media_unavailable', words, 500);
    });
  }

  /** mediasoup answers nonsense from a client with an error of its own; here it gets a code and is logged. */
  private guard<T>(words: string, action: () => Promise<T>): Promise<T> {
    return this.coded(action, (error) => {
      this.log.debug({ err: error }, words);
      return new Refusal('line_refused', words);
    });
  }

  private async coded<T>(action: () => Promise<T>, refusal: (error: unknown) => Refusal): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw error instanceof Refusal ? error : refusal(error);
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
