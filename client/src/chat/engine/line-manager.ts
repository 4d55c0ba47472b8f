import type { types } from 'mediasoup-client';
import type { CallMedia, ServerData, ServerMessage } from '../../../../src/protocol';
import type { DeviceKind, LocalDevices } from './local-devices';
import { MediaLine, loadDevice, type CallSending } from './media-line';
import { PartnerLevel } from './partner-level';
import type { SignalingClient } from './signaling-client';

/** A replaced line is closed after this time at the latest. */
const REPLACED_LINE_MS = 4_000;

/** The delays before a failed line is opened again. */
const RETRY_MS = [0, 1_000, 2_000, 4_000, 8_000];

export interface LineManagerEvents {
  /** No line can be opened. */
  unavailable(): void;
  /** A line is open again, or the client has reconnected, so an earlier `unavailable` no longer applies. */
  restored(): void;
}

/**
 * Keeps a line open while the user has a camera or microphone open: it opens the line, replaces it when it is lost,
 * and passes changes of the devices on to it.
 */
export class LineManager {
  private line: MediaLine | undefined;
  /** Lines that were replaced, but whose tracks are still shown. */
  private readonly replaced: MediaLine[] = [];
  private opening: Promise<void> | undefined;
  private device: types.Device | undefined;
  private connected: ServerData<'connected'> | undefined;
  private failures = 0;
  private readonly voice = new PartnerLevel();
  private retryTimer: number | undefined;
  private closed = false;

  constructor(
    private readonly signaling: SignalingClient,
    private readonly devices: LocalDevices,
    private readonly events: LineManagerEvents,
  ) {}

  /** The client is connected (again). A resumed user keeps the line; a new one needs another. */
  onConnected(connected: ServerData<'connected'>): void {
    this.connected = connected;
    this.failures = 0;
    this.events.restored();
    if (connected.resumed && this.line !== undefined && !this.line.closed) {
      void this.line.restartIceIfNeeded();
      return;
    }
    this.drop();
    this.ensure();
  }

  /** The server has lost a line, or wants it to be moved to another node. */
  handle({ event, data }: Extract<ServerMessage, { event: 'line_lost' | 'line_move' }>): void {
    const { line } = this;
    if (line?.id !== data.lineId) return;
    if (event === 'line_move') {
      this.move(line);
      return;
    }
    this.drop();
    this.ensure();
  }

  /** Opens the line if it is missing and can be opened now. */
  ensure(): void {
    if (this.closed || this.line !== undefined || this.opening !== undefined) return;
    if (this.connected === undefined || !this.signaling.isOpen) return;
    const tracks = this.tracks();
    if (tracks.size === 0) return;
    window.clearTimeout(this.retryTimer);
    this.opening = this.open(this.connected, tracks)
      .catch(() => this.failed())
      .finally(() => (this.opening = undefined));
  }

  trackChanged(kind: DeviceKind, track: MediaStreamTrack | null): void {
    if (this.line === undefined) this.ensure();
    for (const line of this.lines()) this.attempt(line, line.setTrack(kind, track));
  }

  setSending(kind: DeviceKind, on: boolean): void {
    for (const line of this.lines()) this.attempt(line, line.setSending(kind, on));
  }

  /** The call shows the tracks of the newest line, so the replaced ones are closed. */
  closeReplaced(): void {
    for (const line of this.replaced.splice(0)) {
      this.signaling.notify('line_close', { lineId: line.id });
      line.close();
    }
  }

  /**
   * The partner's tracks, or null when there is no line yet; the server then repeats the offer when the line is
   * ready.
   */
  async join(media: CallMedia, sending: CallSending): Promise<MediaStreamTrack[] | null> {
    const { line } = this;
    if (line === undefined) return null;
    try {
      return await line.join(media, sending);
    } catch {
      this.replaceBroken(line);
      return null;
    }
  }

  /** Both have accepted: sends the sound, and the video in full resolution. */
  openCall(): void {
    for (const line of this.lines()) this.attempt(line, line.openCall());
  }

  /** How loud the partner is, 0–1; 0 while no sound of theirs arrives. */
  partnerLevel(): number {
    return this.voice.of(this.line?.partnerAudio, performance.now());
  }

  endCall(): void {
    this.closeReplaced();
    if (this.line !== undefined) this.attempt(this.line, this.line.endCall());
  }

  /** No device is in use any more, so the server need not hold a line either. */
  release(): void {
    for (const line of [this.line, ...this.replaced])
      if (line !== undefined) this.signaling.notify('line_close', { lineId: line.id });
    this.drop();
  }

  close(): void {
    this.closed = true;
    window.clearTimeout(this.retryTimer);
    this.drop();
  }

  private async open(
    connected: ServerData<'connected'>,
    tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>,
  ): Promise<void> {
    const line = await this.make(connected, tracks, false);
    if (this.closed || this.connected !== connected || this.tracks().size === 0) {
      // The line belongs to an earlier connection, or the devices were closed meanwhile: it is closed, and one for this
      // connection is opened if there is something to send.
      this.signaling.notify('line_close', { lineId: line.id });
      line.close();
      queueMicrotask(() => this.ensure());
      return;
    }
    this.failures = 0;
    this.events.restored();
    this.adopt(line, tracks);
  }

  private async make(
    connected: ServerData<'connected'>,
    tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>,
    makeBeforeBreak: boolean,
  ): Promise<MediaLine> {
    this.device ??= await loadDevice(connected.routerRtpCapabilities);
    const { iceServers, plan } = connected;
    return MediaLine.open(
      this.signaling,
      this.device,
      { iceServers, ceilingKbps: plan.plan.maxKbps, makeBeforeBreak },
      tracks,
      { broken: (line) => this.replaceBroken(line) },
    );
  }

  /** Makes this the current line. `made`: the tracks with which it was opened. */
  private adopt(line: MediaLine, made: ReadonlyMap<DeviceKind, MediaStreamTrack>): void {
    this.line = line;
    // Tracks that were turned on or replaced while the line was being opened.
    for (const [kind, track] of this.tracks()) {
      if (made.get(kind) !== track) this.attempt(line, line.setTrack(kind, track));
    }
  }

  /**
   * Opens a second line, and keeps the present one until nobody needs it. If that fails, the present one stays. If
   * the server then closes it, `line_lost` follows and a new line is opened.
   */
  private move(old: MediaLine): void {
    const { connected } = this;
    if (this.closed || this.opening !== undefined || connected === undefined || !this.signaling.isOpen)
      return;
    const tracks = this.tracks();
    this.opening = this.make(connected, tracks, true)
      .then((line) => {
        // The new line is used even if the old one was lost meanwhile.
        const isWanted = !this.closed && (this.line === old || this.line === undefined);
        if (!isWanted) return line.close();
        if (this.line === old) this.retire(old);
        return this.adopt(line, tracks);
      })
      .catch(() => undefined)
      .finally(() => {
        this.opening = undefined;
        this.ensure();
      });
  }

  private retire(line: MediaLine): void {
    if (!line.isRunning) {
      this.signaling.notify('line_close', { lineId: line.id });
      line.close();
      return;
    }
    this.replaced.push(line);
    window.setTimeout(() => {
      if (this.replaced.includes(line)) this.closeReplaced();
    }, REPLACED_LINE_MS);
  }

  private tracks(): Map<DeviceKind, MediaStreamTrack> {
    const found = new Map<DeviceKind, MediaStreamTrack>();
    for (const kind of ['microphone', 'camera'] as const) {
      const track = this.devices.track(kind);
      if (track !== null) found.set(kind, track);
    }
    return found;
  }

  /** Without a connection this is no failure of the line: the next `connected` starts again. */
  private failed(): void {
    if (this.closed || !this.signaling.isOpen) return;
    this.failures += 1;
    if (this.failures > RETRY_MS.length) {
      this.events.unavailable();
      return;
    }
    window.clearTimeout(this.retryTimer);
    this.retryTimer = window.setTimeout(() => this.ensure(), RETRY_MS[this.failures - 1]);
  }

  /** A line that does not do what it should is of no use any more. */
  private attempt(line: MediaLine, change: Promise<void>): void {
    change.catch(() => this.replaceBroken(line));
  }

  private replaceBroken(line: MediaLine): void {
    line.close();
    if (this.line !== line) return;
    this.drop();
    this.failed();
  }

  /** The lines that may be sending. */
  private lines(): MediaLine[] {
    return this.line === undefined ? [...this.replaced] : [this.line, ...this.replaced];
  }

  private drop(): void {
    for (const line of this.replaced.splice(0)) line.close();
    this.line?.close();
    this.line = undefined;
  }
}
