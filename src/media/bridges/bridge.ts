import type { types } from 'mediasoup';
import type { CallMedia, Source } from '../../protocol';
import type { ActiveBridge } from './bridges';
import type { Line } from '../line';
import { LowLayerFirst } from './low-layer-first';
import { consumerForWire } from '../wire';
import { WorkerPipe } from '../pipes/worker-pipe';

/** One producer and its consumer on the other line. */
interface ForwardedTrack {
  /** The line that sends. */
  readonly from: Line;
  /** The line that consumes. */
  readonly to: Line;
  readonly source: Source;
  readonly producer: types.Producer;
  readonly consumer: types.Consumer;
  /** Present when the two lines are on different workers. */
  readonly pipe: WorkerPipe | undefined;
}

/**
 * The media of one call between two lines of this node: for each line, consumers of the other one's producers. It starts
 * paused on all sides, so that no key frame is requested too early: Chromium does not answer a second request that
 * follows close on the first, and mediasoup repeats its own only after a second.
 *
 * Cascade of `close()`: it pauses the producers and closes consumers and pipes; the lines stay. A line that closes has
 * closed its side's consumers already; `close()` does the rest.
 */
export class Bridge implements ActiveBridge {
  private readonly tracks: ForwardedTrack[] = [];
  private readonly lowLayerFirst = new LowLayerFirst();
  private closed = false;

  private constructor(
    readonly generation: number,
    private readonly lines: readonly [Line, Line],
    private readonly sources: readonly Source[],
  ) {}

  static async create(
    generation: number,
    lines: readonly [Line, Line],
    sources: readonly Source[],
  ): Promise<Bridge> {
    const bridge = new Bridge(generation, lines, sources);
    const [one, other] = lines;
    const results = await Promise.allSettled([
      bridge.createConsumers(one, other),
      bridge.createConsumers(other, one),
    ]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      bridge.close();
      throw failed.reason;
    }
    return bridge;
  }

  get pipes(): number {
    return this.tracks.filter(({ pipe }) => pipe?.isClosed === false).length;
  }

  get consumers(): number {
    return this.tracks.filter(({ consumer }) => !consumer.closed).length;
  }

  /** What the peer of this line has to consume. */
  mediaFor(line: Line): CallMedia {
    const consumers = this.tracks
      .filter(({ to }) => to === line)
      .map(({ source, consumer }) => consumerForWire(consumer, source));
    return { generation: this.generation, consumers };
  }

  /**
   * Resumes consumers and pipes while the producers are still paused. The producers, resumed last, then ask for the one
   * key frame when everything up to the consumer can carry it.
   */
  async resumeConsumers(isOpen: boolean): Promise<void> {
    const now = this.activeTracks(isOpen);
    for (const { consumer } of now) this.lowLayerFirst.follow(consumer, isOpen);
    const pipes = now.flatMap(({ pipe }) => pipe ?? []);
    await Promise.all([
      ...now.map(({ consumer }) => consumer.resume()),
      ...pipes.map((pipe) => pipe.resume()),
    ]);
  }

  async resumeProducers(isOpen: boolean): Promise<void> {
    const now = this.activeTracks(isOpen);
    await Promise.all(
      this.lines.map((line) =>
        line.resumeProducers(
          this,
          now.filter(({ from }) => from === line).map(({ producer }) => producer),
        ),
      ),
    );
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const line of this.lines) line.pauseProducers(this);
    for (const { consumer, pipe } of this.tracks) {
      consumer.close();
      pipe?.close();
    }
  }

  /** Tracks whose producer was closed meanwhile are left out. */
  private activeTracks(isOpen: boolean): readonly ForwardedTrack[] {
    return this.tracks.filter(
      ({ source, consumer, producer }) =>
        (isOpen || source !== 'microphone') && !consumer.closed && !producer.closed,
    );
  }

  /** Makes paused consumers on `to` for what `from` produces. */
  private async createConsumers(from: Line, to: Line): Promise<void> {
    const created = await Promise.allSettled(
      [...from.producers]
        .filter(([source]) => this.sources.includes(source))
        .map(async ([source, producer]) => {
          const pipe = await this.pipe(from, to, producer);
          try {
            const consumer = await to.consume(producer.id);
            if (consumer === undefined) {
              // A browser that cannot decode this kind still gets the other one: sound without picture.
              pipe?.close();
              return;
            }
            if (this.closed) {
              consumer.close();
              pipe?.close();
              return;
            }
            this.tracks.push({ from, to, source, producer, consumer, pipe });
          } catch (error) {
            pipe?.close();
            throw error;
          }
        }),
    );
    const failed = created.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async pipe(from: Line, to: Line, producer: types.Producer): Promise<WorkerPipe | undefined> {
    return from.worker === to.worker ? undefined : WorkerPipe.create(producer, from.worker, to.worker);
  }
}
