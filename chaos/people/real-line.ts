import { Device, type types } from 'mediasoup-client';
import type { CallMedia, ConsumerOptions, Direction, Source } from '../../src/protocol';
import {
  DisconnectedError,
  type ClientMedia,
  type Handshake,
  type Signaling,
} from '../../test/support/client';
import type { Pictures } from './pictures';

/** As in the client: what a connection and its repair may take, and when another line is tried. */
const CONNECT_MS = 8_000;
const RESTART_MS = 4_000;
const RETRY_MS = [0, 1_000, 2_000, 4_000, 8_000];

/** A peer's line with real media: both transports of mediasoup-client, a camera and a microphone that run. */
class RealLine {
  private readonly consumers: types.Consumer[] = [];
  private readonly unwatch: (() => void)[] = [];
  closed = false;
  /** When the last picture of the partner arrived. */
  seenAt = 0;

  private constructor(
    private readonly signaling: Signaling,
    private readonly pictures: Pictures,
    private readonly broken: () => void,
    readonly id: string,
    private readonly send: types.Transport,
    private readonly receive: types.Transport,
  ) {}

  static async open(
    signaling: Signaling,
    device: types.Device,
    pictures: Pictures,
    broken: () => void,
  ): Promise<RealLine> {
    const opened = await signaling.request('line_open', { rtpCapabilities: device.recvRtpCapabilities });
    const send = device.createSendTransport(opened.send);
    const receive = device.createRecvTransport(opened.receive);
    const line = new RealLine(signaling, pictures, broken, opened.lineId, send, receive);
    line.listen(send, 'send');
    line.listen(receive, 'receive');
    try {
      const { camera, microphone } = pictures.tracks();
      await Promise.all([
        receive.consume(consumeOptions(opened.silence)),
        send.produce({ track: camera, appData: { source: 'camera' }, disableTrackOnPause: false }),
        send.produce({ track: microphone, appData: { source: 'microphone' }, disableTrackOnPause: false }),
      ]);
      await Promise.all([whenConnected(send), whenConnected(receive)]);
      await signaling.request('line_ready', { lineId: opened.lineId });
      return line;
    } catch (error) {
      line.close();
      throw error;
    }
  }

  async join({ consumers }: CallMedia): Promise<void> {
    this.leaveCall();
    const made = await Promise.all(consumers.map((options) => this.receive.consume(consumeOptions(options))));
    this.consumers.push(...made);
    for (const { kind, track } of made) {
      if (kind === 'video') this.unwatch.push(this.pictures.watch(track, () => (this.seenAt = Date.now())));
    }
  }

  leaveCall(): void {
    for (const stop of this.unwatch.splice(0)) stop();
    for (const consumer of this.consumers.splice(0)) consumer.close();
  }

  async check(): Promise<void> {
    await Promise.all([this.restartIce(this.send, 'send'), this.restartIce(this.receive, 'receive')]);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const stop of this.unwatch.splice(0)) stop();
    this.send.close();
    this.receive.close();
  }

  private listen(transport: types.Transport, direction: Direction): void {
    const lineId = this.id;
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      this.signaling.request('line_connect', { lineId, direction, dtlsParameters }).then(done, failed);
    });
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const source: Source = appData.source === 'camera' ? 'camera' : 'microphone';
      this.signaling
        .request('line_produce', { lineId, source, kind, rtpParameters })
        .then(({ producerId }) => done({ id: producerId }), failed);
    });
    transport.on('connectionstatechange', (state) => {
      if (state === 'failed') this.giveUp();
      else if (state === 'disconnected') void this.restartIce(transport, direction);
    });
  }

  private async restartIce(transport: types.Transport, direction: Direction): Promise<void> {
    if (this.closed || transport.connectionState === 'connected' || transport.connectionState === 'new')
      return;
    setTimeout(() => {
      if (transport.connectionState !== 'connected') this.giveUp();
    }, RESTART_MS).unref();
    try {
      const { iceParameters } = await this.signaling.request('line_restart_ice', {
        lineId: this.id,
        direction,
      });
      await transport.restartIce({ iceParameters });
    } catch (error) {
      if (!(error instanceof DisconnectedError)) this.giveUp();
    }
  }

  private giveUp(): void {
    if (this.closed) return;
    this.close();
    this.broken();
  }
}

/** Keeps a peer's line as the product's client does: made when there is a connection, and anew when it is lost. */
export class RealLines implements ClientMedia {
  private line: RealLine | undefined;
  private device: types.Device | undefined;
  private handshake: Handshake | undefined;
  private opening = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  made = 0;

  constructor(
    private readonly signaling: Signaling,
    private readonly pictures: Pictures,
  ) {}

  /** Whether a picture of the partner has arrived within the last so many ms. */
  sees(withinMs: number): boolean {
    return this.line !== undefined && Date.now() - this.line.seenAt <= withinMs;
  }

  connected(handshake: Handshake): void {
    this.handshake = handshake;
    this.failures = 0;
    if (handshake.resumed && this.line?.closed === false) {
      void this.line.check();
      return;
    }
    this.drop();
    this.want();
  }

  lineLost(lineId: string): void {
    if (this.line?.id !== lineId) return;
    this.drop();
    this.want();
  }

  /** `false`: there is no line to see them on; it is on its way then. */
  async join(media: CallMedia): Promise<boolean> {
    const { line } = this;
    if (line === undefined || line.closed) return false;
    try {
      await line.join(media);
      return true;
    } catch {
      this.drop();
      this.failed();
      return false;
    }
  }

  leaveCall(): void {
    this.line?.leaveCall();
  }

  lineMoves(): void {
    // Nodes are drained only when all clients have left.
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.drop();
  }

  private want(): void {
    const { handshake } = this;
    if (this.closed || this.opening || this.line !== undefined || handshake === undefined) return;
    clearTimeout(this.timer);
    this.opening = true;
    this.open(handshake)
      .catch(() => this.failed())
      .finally(() => (this.opening = false));
  }

  private async open(handshake: Handshake): Promise<void> {
    if (this.device === undefined) {
      const device = new Device({ handlerName: 'Chrome111' });
      await device.load({ routerRtpCapabilities: handshake.routerRtpCapabilities });
      this.device = device;
    }
    const broken = (): void => {
      this.line = undefined;
      this.failed();
    };
    const line = await RealLine.open(this.signaling, this.device, this.pictures, broken);
    if (this.closed || this.handshake !== handshake) {
      // Made under an earlier handshake: the server is told, and one for this handshake is made.
      this.signaling.send('line_close', { lineId: line.id });
      line.close();
      setImmediate(() => this.want());
      return;
    }
    this.line = line;
    this.made += 1;
    this.failures = 0;
  }

  private failed(): void {
    if (this.closed) return;
    const waitMs = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] ?? 0;
    this.failures += 1;
    clearTimeout(this.timer);
    // Not in this turn, in which the failed attempt still counts as under way.
    this.timer = setTimeout(() => this.want(), waitMs);
  }

  private drop(): void {
    this.line?.close();
    this.line = undefined;
  }
}

function whenConnected(transport: types.Transport): Promise<void> {
  if (transport.connectionState === 'connected') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (state: string): void => {
      if (state !== 'connected' && state !== 'failed' && state !== 'closed' && state !== 'timeout') return;
      clearTimeout(timer);
      transport.off('connectionstatechange', settle);
      if (state === 'connected') resolve();
      else reject(new Error(`the line did not connect: ${state}`));
    };
    const timer = setTimeout(() => settle('timeout'), CONNECT_MS);
    transport.on('connectionstatechange', settle);
  });
}

const consumeOptions = ({ id, producerId, kind, rtpParameters }: ConsumerOptions): types.ConsumerOptions => ({
  id,
  producerId,
  kind,
  rtpParameters,
  streamId: 'partner',
});
