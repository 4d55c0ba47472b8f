import type { types } from 'mediasoup';

/** Any layer above this is not sent; see the client's encodings. */
const TOP_LAYER = 1;

/** How long the low layer is alone: the first second belongs to the first frame. */
const RAISE_MS = 1_000;

type VideoConsumer = Pick<types.Consumer, 'kind' | 'closed' | 'on' | 'off' | 'setPreferredLayers'>;

/** What is known of a consumer. The high layer is allowed when both are true. */
interface Progress {
  /** The low layer has been alone for long enough. */
  hasArrived: boolean;
  /** Both peers have accepted. */
  isOpen: boolean;
}

/**
 * Video starts with the low layer. The high one is allowed, as far as the bandwidth goes, when the low one has arrived
 * and both peers have accepted. Before that a client that veils nothing but its low layer shows no more than that.
 */
export class LowLayerFirst {
  private readonly progress = new WeakMap<VideoConsumer, Progress>();

  /** Call it before anything can flow, so that the arrival of the low layer is not missed. Idempotent. */
  follow(consumer: VideoConsumer, isOpen: boolean): void {
    if (consumer.kind !== 'video') return;
    const known = this.progress.get(consumer);
    const progress = known ?? { hasArrived: false, isOpen: false };
    this.progress.set(consumer, progress);
    if (known === undefined) this.awaitArrival(consumer, progress);
    if (!isOpen || progress.isOpen) return;
    progress.isOpen = true;
    raise(consumer, progress);
  }

  private awaitArrival(consumer: VideoConsumer, progress: Progress): void {
    const arrived = (layers?: types.ConsumerLayers): void => {
      if (layers === undefined) return;
      consumer.off('layerschange', arrived);
      const timer = setTimeout(() => {
        progress.hasArrived = true;
        raise(consumer, progress);
      }, RAISE_MS);
      timer.unref();
    };
    consumer.on('layerschange', arrived);
  }
}

function raise(consumer: VideoConsumer, { hasArrived, isOpen }: Progress): void {
  // Fails only on a consumer that was closed at this moment.
  if (hasArrived && isOpen && !consumer.closed)
    consumer.setPreferredLayers({ spatialLayer: TOP_LAYER }).catch(() => undefined);
}
