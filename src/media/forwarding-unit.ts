import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { MediaCensus, MediaPlane, MediaPlaneEvents, OpenedLine } from '../app/ports/media-plane';
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
import { Joining } from './joining';
import { Line } from './line';
import type { WorkerPool } from './worker-pool';

/**
 * The media plane of one node: mediasoup workers, the lines on them and the joinings between lines.
 *
 * Cascade of `close()`: joinings, lines, workers.
 */
export class ForwardingUnit implements MediaPlane {
  private readonly lines = new Map<string, Line>();
  private readonly joinings = new Map<string, Joining>();
  /** Joinings being made, so that a part or a newer join can call them off. */
  private readonly underWay = new Map<string, { generation: number; cancelled: boolean }>();
  private events: MediaPlaneEvents = { lineReady: () => undefined, lineLost: () => undefined };
  private generation = 0;
  private closed = false;

  constructor(
    private readonly pool: WorkerPool,
    readonly routerRtpCapabilities: RtpCapabilities,
    private readonly log: Logger,
  ) {}

  on(events: MediaPlaneEvents): void {
    this.events = events;
  }

  async openLine(personId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<OpenedLine> {
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

  markReady(personId: string, lineId: string): void {
    // Said again without anything new, it changes nothing: nobody can make a partner's call join anew at will.
    if (this.line(personId, lineId).markReady()) this.events.lineReady(personId);
  }

  restartIce(personId: string, lineId: string, direction: Direction): ReturnType<MediaPlane['restartIce']> {
    const line = this.line(personId, lineId);
    return this.guard('ICE could not be restarted', () => line.restartIce(direction));
  }

  closeLine(personId: string, lineId?: string): boolean {
    const line = this.lines.get(personId);
    if (line === undefined || (lineId !== undefined && line.id !== lineId)) return false;
    this.lines.delete(personId);
    line.close();
    return true;
  }

  isReady(personId: string): boolean {
    return this.lines.get(personId)?.ready === true;
  }

  lineOwners(): readonly string[] {
    return [...this.lines.keys()];
  }

  async join(
    callId: string,
    personIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    this.part(callId);
    const [one, other] = [this.readyLine(personIds[0]), this.readyLine(personIds[1])];
    this.generation += 1;
    const attempt = { generation: this.generation, cancelled: false };
    this.underWay.set(callId, attempt);
    // A producer can be piped to a router only once at a time: joinings of one line take turns.
    const joining = await inTurn([one, other], () =>
      this.guardOurs('the lines could not be joined', () =>
        this.make(callId, attempt, [one, other], sources),
      ),
    ).finally(() => {
      if (this.underWay.get(callId) === attempt) this.underWay.delete(callId);
    });
    return new Map([
      [one.personId, joining.mediaFor(one)],
      [other.personId, joining.mediaFor(other)],
    ]);
  }

  async start(callId: string, generation: number, open: boolean): Promise<void> {
    const joining = this.joinings.get(callId);
    if (joining === undefined || joining.generation !== generation) return;
    await this.guardOurs('the media could not be started', () => joining.flow(open));
  }

  async open(callId: string): Promise<void> {
    const joining = this.joinings.get(callId);
    if (joining === undefined) return;
    await this.guardOurs('the sound could not be started', () => joining.flow(true));
  }

  part(callId: string): void {
    const attempt = this.underWay.get(callId);
    if (attempt !== undefined) attempt.cancelled = true;
    this.underWay.delete(callId);
    const joining = this.joinings.get(callId);
    if (joining === undefined) return;
    this.joinings.delete(callId);
    joining.close();
  }

  /** Process ids of the workers, for those who watch or try them from outside. */
  workerPids(): readonly number[] {
    return this.pool.alive.map(({ pid }) => pid);
  }

  census(): MediaCensus {
    const lines = [...this.lines.values()];
    const joinings = [...this.joinings.values()];
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
      workerDeaths: this.pool.deaths,
    };
  }

  close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      for (const callId of [...this.joinings.keys()]) this.part(callId);
      for (const personId of [...this.lines.keys()]) this.closeLine(personId);
      this.pool.close();
    }
    return Promise.resolve();
  }

  /** Nothing of a joining that was parted or replaced while it was made is left behind. */
  private async make(
    callId: string,
    attempt: { readonly generation: number; readonly cancelled: boolean },
    lines: readonly [Line, Line],
    sources: readonly Source[],
  ): Promise<Joining> {
    const stale = (): boolean => attempt.cancelled || this.closed || lines.some(({ isClosed }) => isClosed);
    if (stale()) throw new Refusal('line_missing', 'the joining was given up before it began');
    const joining = await Joining.make(attempt.generation, lines, sources);
    if (!stale()) {
      this.joinings.set(callId, joining);
      return joining;
    }
    joining.close();
    throw new Refusal('line_missing', 'the joining was given up while it was made');
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
