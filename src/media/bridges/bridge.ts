import type { types } from 'mediasoup';
import type { CallMedia, Source } from '../../protocol';
import type { ActiveBridge } from './bridges';
import type { Line } from '../line';
import { LowLayerFirst } from './low-layer-first';
import { consumerForWire } from '../wire';
import { WorkerPipe } from '../pipes/worker-pipe';

/** One producer's way to the other person. */
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
 * The joining of two lines of this node for one call: for each line, consumers of the other's producers. It is born paused
 * on all sides, so that nobody asks for a key frame that nobody reads yet: Chromium does not answer a second
 * request that follows close on the first, and mediasoup repeats its own only after a second.
 *
 * Cascade: `close()` pauses the producers, closes consumers and pipes; the lines stay. A line that closes closes
 * its side's consumers by itself; `close()` afterwards does the rest.
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

  /** What the person at the end of this line has to consume. */
  mediaFor(line: Line): CallMedia {
    const consumers = this.tracks
      .filter(({ to }) => to === line)
      .map(({ source, consumer }) => consumerForWire(consumer, source));
    return { generation: this.generation, consumers };
  }

  /**
   * Opens the way to the other side, while nothing is sent: the one key frame request is to go out when the whole way
   * is open, and the producers ask for it when they are resumed, last.
   */
  async resumeConsumers(sound: boolean): Promise<void> {
    const now = this.activeTracks(sound);
    for (const { consumer } of now) this.lowLayerFirst.raiseLater(consumer);
    await Promise.all(now.flatMap(({ consumer, pipe }) => [consumer.resume(), pipe?.open()]));
  }

  async resumeProducers(sound: boolean): Promise<void> {
    const now = this.activeTracks(sound);
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

  /** A producer that was taken back meanwhile takes nothing from the others. */
  private activeTracks(sound: boolean): readonly ForwardedTrack[] {
    return this.tracks.filter(
      ({ source, consumer, producer }) =>
        (sound || source !== 'microphone') && !consumer.closed && !producer.closed,
    );
  }

  /** Makes paused consumers on `to` for what `from` produces. */
  private async createConsumers(from: Line, to: Line): Promise<void> {
    const laid = await Promise.allSettled(
      [...from.producers]
        .filter(([source]) => this.sources.includes(source))
        .map(async ([source, producer]) => {
          const pipe = await this.pipe(from, to, producer);
          try {
            const consumer = await to.consume(producer.id);
            if (consumer === undefined) {
              // Someone whose browser cannot take this kind still gets the other: sound without picture.
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
    const failed = laid.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async pipe(from: Line, to: Line, producer: types.Producer): Promise<WorkerPipe | undefined> {
    return from.worker === to.worker ? undefined : WorkerPipe.create(producer, from.worker, to.worker);
  }
}
