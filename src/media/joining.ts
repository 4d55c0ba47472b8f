import type { types } from 'mediasoup';
import type { CallMedia, Source } from '../protocol';
import type { Line } from './line';
import { consumerForWire } from './wire';

/** Any layer above this is not sent; see the client's encodings. */
const TOP_LAYER = 1;

/** How long the low layer is alone: the first second belongs to the first frame. */
const RAISE_MS = 1_000;

/** One producer's way to the other person. */
interface Strand {
  /** The line that consumes. */
  readonly to: Line;
  readonly source: Source;
  readonly producer: types.Producer;
  readonly consumer: types.Consumer;
  /** Present when the two lines are on different workers. */
  readonly pipe: types.Consumer | undefined;
}

/**
 * The joining of two lines for one call: for each line, consumers of the other's producers. It is born paused
 * on all sides, so that nobody asks for a key frame that nobody reads yet: Chromium does not answer a second
 * request that follows close on the first, and mediasoup repeats its own only after a second.
 *
 * Cascade: `close()` pauses the producers, closes consumers and pipes; the lines stay. A line that closes closes
 * its side's consumers by itself; `close()` afterwards does the rest.
 */
export class Joining {
  private readonly strands: Strand[] = [];
  private readonly raised = new Set<types.Consumer>();
  private closed = false;

  private constructor(
    readonly generation: number,
    private readonly sources: readonly Source[],
  ) {}

  static async make(
    generation: number,
    [one, other]: readonly [Line, Line],
    sources: readonly Source[],
  ): Promise<Joining> {
    const joining = new Joining(generation, sources);
    const results = await Promise.allSettled([joining.lay(one, other), joining.lay(other, one)]);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) {
      joining.close();
      throw failed.reason;
    }
    return joining;
  }

  get pipes(): number {
    return this.strands.filter(({ pipe }) => pipe !== undefined && !pipe.closed).length;
  }

  get consumers(): number {
    return this.strands.filter(({ consumer }) => !consumer.closed).length;
  }

  /** What the person at the end of this line has to consume. */
  mediaFor(line: Line): CallMedia {
    const consumers = this.strands
      .filter(({ to }) => to === line)
      .map(({ source, consumer }) => consumerForWire(consumer, source));
    return { generation: this.generation, consumers };
  }

  /**
   * Lets the media flow: consumers first, producers last, so that the one key frame request goes out when the
   * whole way to the other side is open.
   */
  async flow(sound: boolean): Promise<void> {
    // A producer that was taken back meanwhile takes nothing from the others.
    const now = this.strands.filter(
      ({ source, consumer, producer }) =>
        (sound || source !== 'microphone') && !consumer.closed && !producer.closed,
    );
    await Promise.all(now.map(({ consumer }) => consumer.resume()));
    if (this.closed) return;
    await Promise.all(now.map(({ producer }) => (producer.closed ? undefined : producer.resume())));
    for (const { consumer } of now) this.raiseLater(consumer);
  }

  /** When the low layer has arrived, the high one may come as far as the bandwidth goes. */
  private raiseLater(consumer: types.Consumer): void {
    if (consumer.kind !== 'video' || this.raised.has(consumer)) return;
    this.raised.add(consumer);
    consumer.once('layerschange', () => {
      const timer = setTimeout(() => {
        // Fails only on a consumer that has been closed in this very moment.
        if (!consumer.closed) consumer.setPreferredLayers({ spatialLayer: TOP_LAYER }).catch(() => undefined);
      }, RAISE_MS);
      timer.unref();
    });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const { producer, consumer, pipe } of this.strands) {
      consumer.close();
      pipe?.close();
      // A pause that fails finds a closed producer or a dead worker: there is nothing left to pause.
      if (!producer.closed) producer.pause().catch(() => undefined);
    }
  }

  /** Makes paused consumers on `to` for what `from` produces. */
  private async lay(from: Line, to: Line): Promise<void> {
    const { router } = to.worker;
    const laid = await Promise.allSettled(
      [...from.producers]
        .filter(([source]) => this.sources.includes(source))
        .map(async ([source, producer]) => {
          const pipe = await this.pipe(from, to, producer);
          try {
            const { rtpCapabilities } = to;
            if (!router.canConsume({ producerId: producer.id, rtpCapabilities })) {
              // Someone whose browser cannot take this kind still gets the other: sound without picture.
              pipe?.close();
              return;
            }
            const consumer = await to.receive.consume({
              producerId: producer.id,
              rtpCapabilities,
              paused: true,
              // Browsers send the low layer from the first moment, the high one when they dare to: whoever waits
              // for the first frame waits for the low one.
              preferredLayers: { spatialLayer: 0 },
            });
            if (this.closed) {
              consumer.close();
              pipe?.close();
              return;
            }
            this.strands.push({ to, source, producer, consumer, pipe });
          } catch (error) {
            pipe?.close();
            throw error;
          }
        }),
    );
    const failed = laid.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  private async pipe(from: Line, to: Line, producer: types.Producer): Promise<types.Consumer | undefined> {
    if (from.worker === to.worker) return undefined;
    const { pipeConsumer } = await from.worker.router.pipeToRouter({
      producerId: producer.id,
      router: to.worker.router,
      enableSctp: false,
    });
    return pipeConsumer;
  }
}
