import type { types } from 'mediasoup';
import type {
  ConsumerOptions,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
  TransportOptions,
} from '../protocol';
import { DomainError } from '../domain/error';
import type { MediaNodeEvents, ProducerInfo } from '../app/lines/media-node';
import type { NodeAddress } from '../app/ports/bus';
import type { EventEmitter } from '../app/ports/event-emitter';
import { INITIAL_OUTGOING_BITRATE } from './codecs';
import { consumerForWire } from './wire';
import type { MediaWorker } from './media-worker';

/** The kind of media of each source; any other kind is rejected before mediasoup sees it. */
const KIND_OF: Record<Source, MediaKind> = { microphone: 'audio', camera: 'video' };

export interface LineOptions {
  readonly id: string;
  readonly peerId: string;
  /** The node that holds the peer's socket. */
  readonly gateway: NodeAddress;
  readonly worker: MediaWorker;
  readonly rtpCapabilities: RtpCapabilities;
  /** The highest bitrate that is accepted from the peer, for sound and both layers together. */
  readonly maxKbps: number;
}

export interface LineListeners {
  /** The transports are gone although the line was not closed. Called once. */
  readonly gone: (line: Line) => void;
  /** Receives the events of the line's producers. */
  readonly events: EventEmitter<MediaNodeEvents>;
}

/**
 * A peer's line: a sending and a receiving transport with their producers, connected before the first match and kept
 * from partner to partner. Its producers are paused while no bridge uses them.
 *
 * Cascade of `close()`: both transports are closed, and they close producers and consumers, those of bridges among them.
 * When the transports close by themselves (a worker's death), the line closes and `gone` is called once.
 */
export class Line {
  readonly producers = new Map<Source, types.Producer>();
  /** Ids of the producers that a bridge may count on; undefined until the client says that the line is ready. */
  private readyWith: ReadonlySet<string> | undefined;
  /** Settles when the bridge that took this line last is made. */
  turn: Promise<void> = Promise.resolve();
  gateway: NodeAddress;
  /** The bridge that resumed the producers last. */
  private sendsFor: object | undefined;
  private closed = false;

  private constructor(
    private readonly options: LineOptions,
    private readonly send: types.WebRtcTransport,
    private readonly receive: types.WebRtcTransport,
    private readonly silence: types.Consumer,
    private readonly listeners: LineListeners,
  ) {
    this.gateway = options.gateway;
    for (const transport of [send, receive]) transport.once('routerclose', () => this.gone());
  }

  get id(): string {
    return this.options.id;
  }

  get peerId(): string {
    return this.options.peerId;
  }

  get worker(): MediaWorker {
    return this.options.worker;
  }

  static async open(options: LineOptions, listeners: LineListeners): Promise<Line> {
    const { worker, rtpCapabilities, maxKbps } = options;
    const { router, webRtcServer } = worker;
    if (!router.canConsume({ producerId: worker.silence.id, rtpCapabilities })) {
      throw new DomainError('line_refused', 'these RTP capabilities cannot receive Opus');
    }
    const settings = { webRtcServer, enableUdp: true, enableTcp: true, preferUdp: true, enableSctp: false };
    const opening = await Promise.allSettled([
      router.createWebRtcTransport(settings),
      router.createWebRtcTransport({
        ...settings,
        initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE,
      }),
    ]);
    const [send, receive] = opening.map((result) =>
      result.status === 'fulfilled' ? result.value : undefined,
    );
    try {
      if (send === undefined || receive === undefined) {
        throw new DomainError('media_unavailable', 'the media worker made no transport', 500);
      }
      await send.setMaxIncomingBitrate(maxKbps * 1000);
      const silence = await receive.consume({ producerId: worker.silence.id, rtpCapabilities, paused: true });
      return new Line(options, send, receive, silence, listeners);
    } catch (error) {
      send?.close();
      receive?.close();
      throw error;
    }
  }

  get ready(): boolean {
    return this.readyWith !== undefined;
  }

  /** `false` when the producers are the same as when this was last called. */
  markReady(): boolean {
    const ids = new Set([...this.producers.values()].map(({ id }) => id));
    const before = this.readyWith;
    this.readyWith = ids;
    return before?.size !== ids.size || [...ids].some((id) => !before.has(id));
  }

  get isClosed(): boolean {
    return this.closed;
  }

  transportOptions(direction: Direction): TransportOptions {
    const { id, iceParameters, iceCandidates, dtlsParameters } = this.transport(direction);
    return {
      id,
      iceParameters,
      iceCandidates: iceCandidates.map(({ ...candidate }) => candidate),
      dtlsParameters: { ...dtlsParameters, fingerprints: [...dtlsParameters.fingerprints] },
    };
  }

  get silenceOptions(): ConsumerOptions {
    return consumerForWire(this.silence, 'silence');
  }

  connect(direction: Direction, dtlsParameters: DtlsParameters): Promise<void> {
    return this.transport(direction).connect({ dtlsParameters });
  }

  restartIce(direction: Direction): Promise<types.IceParameters> {
    return this.transport(direction).restartIce();
  }

  async produce(source: Source, kind: MediaKind, rtpParameters: RtpParameters): Promise<types.Producer> {
    if (KIND_OF[source] !== kind) throw new DomainError('line_refused', `a ${source} does not send ${kind}`);
    // The new one is made first, so that a rejected request leaves the old one as it was.
    const producer = await this.send.produce({ kind, rtpParameters, paused: true });
    if (this.closed) throw new DomainError('line_missing', 'the line was closed meanwhile');
    this.producers.get(source)?.close();
    this.producers.set(source, producer);
    this.announce(source, producer);
    return producer;
  }

  /** Makes a paused consumer of a producer on this line's router; undefined where the peer's browser cannot take it. */
  async consume(producerId: string): Promise<types.Consumer | undefined> {
    const { rtpCapabilities } = this.options;
    if (!this.worker.router.canConsume({ producerId, rtpCapabilities })) return undefined;
    return this.receive.consume({
      producerId,
      rtpCapabilities,
      paused: true,
      // Browsers send the low layer from the first moment, and the high one when the bandwidth seems to allow it. So the
      // first frame comes in the low layer.
      preferredLayers: { spatialLayer: 0 },
    });
  }

  /**
   * Resumes these producers for this bridge. The bridge that resumed them before can no longer pause them: the messages
   * that end one call and begin the next may come from two nodes, in either order.
   */
  async resumeProducers(bridge: object, producers: readonly types.Producer[]): Promise<void> {
    this.sendsFor = bridge;
    await Promise.all(producers.filter(({ closed }) => !closed).map((producer) => producer.resume()));
  }

  /** This bridge is closed: the producers are paused, unless another bridge has resumed them since. */
  pauseProducers(bridge: object): void {
    if (this.sendsFor !== bridge) return;
    this.sendsFor = undefined;
    for (const producer of this.producers.values()) {
      // A pause fails only on a closed producer or a dead worker: there is nothing left to pause.
      if (!producer.closed) producer.pause().catch(() => undefined);
    }
  }

  /** Changes the most the peer may send. */
  limit(maxKbps: number): Promise<void> {
    return this.send.setMaxIncomingBitrate(maxKbps * 1000);
  }

  unproduce(source: Source): void {
    this.producers.get(source)?.close();
    this.producers.delete(source);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.worker.lines -= 1;
    this.send.close();
    this.receive.close();
  }

  private transport(direction: Direction): types.WebRtcTransport {
    return direction === 'send' ? this.send : this.receive;
  }

  private gone(): void {
    if (this.closed) return;
    this.close();
    this.listeners.gone(this);
  }

  /** Emits the events of a producer for the listeners that record or measure it. */
  private announce(source: Source, producer: types.Producer): void {
    const { events } = this.listeners;
    const info: ProducerInfo = { peerId: this.peerId, lineId: this.id, producerId: producer.id, source };
    producer.observer.on('pause', () => events.emit((listener) => listener.producerPaused?.(info)));
    producer.observer.on('resume', () => events.emit((listener) => listener.producerResumed?.(info)));
    producer.observer.once('close', () => events.emit((listener) => listener.producerClosed?.(info)));
    events.emit((listener) => listener.producerAdded?.(info));
  }
}
