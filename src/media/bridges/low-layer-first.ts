import type { types } from 'mediasoup';

/** Any layer above this is not sent; see the client's encodings. */
const TOP_LAYER = 1;

/** How long the low layer is alone: the first second belongs to the first frame. */
const RAISE_MS = 1_000;

/** Video starts with the low layer. When that has arrived, the high one is allowed, as far as the bandwidth goes. */
export class LowLayerFirst {
  private readonly raised = new WeakSet<types.Consumer>();

  /** Call it before anything can flow, so that the arrival of the low layer is not missed. Idempotent. */
  raiseLater(consumer: types.Consumer): void {
    if (consumer.kind !== 'video' || this.raised.has(consumer)) return;
    this.raised.add(consumer);
    const arrived = (layers?: types.ConsumerLayers): void => {
      if (layers === undefined) return;
      consumer.off('layerschange', arrived);
      const timer = setTimeout(() => {
        // Fails only on a consumer that was closed at this moment.
        if (!consumer.closed) consumer.setPreferredLayers({ spatialLayer: TOP_LAYER }).catch(() => undefined);
      }, RAISE_MS);
      timer.unref();
    };
    consumer.on('layerschange', arrived);
  }
}
