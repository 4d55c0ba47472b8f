import type { types } from 'mediasoup-client';
import type { CallMedia, ServerData, ServerMessage } from '../../../src/protocol';
import type { DeviceKind, OwnDevices } from './own-devices';
import { OwnLine, loadDevice } from './own-line';
import type { Signal } from './signal';

/** A line that has given its place to another one is let go after this, whatever became of that. */
const LEAVING_MS = 4_000;

/** Waits before a line is tried again: at once the first time, then longer and longer. */
const RETRY_MS = [0, 1_000, 2_000, 4_000, 8_000];

export interface LineNews {
  /** The browser or the server cannot make a line at all. */
  unavailable(): void;
  /** A line stands, or everything begins anew: what was said of it no longer holds. */
  restored(): void;
}

/**
 * Keeps a line while the person has a camera or microphone open: makes it as soon as it can be made, makes it
 * again when it is lost, and passes the devices' changes on to it.
 */
export class LineKeeper {
  private line: OwnLine | undefined;
  /** Lines that another one has taken the place of, and whose pictures are still watched. */
  private leaving: OwnLine[] = [];
  private opening: Promise<void> | undefined;
  private device: types.Device | undefined;
  private greeting: ServerData<'connected'> | undefined;
  private failures = 0;
  private retryTimer: number | undefined;
  private closed = false;

  constructor(
    private readonly signal: Signal,
    private readonly devices: OwnDevices,
    private readonly news: LineNews,
  ) {}

  /** There is a connection (again). A person the server still knows keeps their line; a new one needs another. */
  greeted(greeting: ServerData<'connected'>): void {
    this.greeting = greeting;
    this.failures = 0;
    this.news.restored();
    if (greeting.resumed && this.line !== undefined && !this.line.closed) {
      void this.line.check();
      return;
    }
    this.drop();
    this.want();
  }

  /** The server says that a line is gone, or that it is to be somewhere else. */
  heard({ event, data }: Extract<ServerMessage, { event: 'line_lost' | 'line_move' }>): void {
    const { line } = this;
    if (line?.id !== data.lineId) return;
    if (event === 'line_move') {
      this.move(line);
      return;
    }
    this.drop();
    this.want();
  }

  /** Makes the line if it can be made now. */
  want(): void {
    if (this.closed || this.line !== undefined || this.opening !== undefined) return;
    if (this.greeting === undefined || !this.signal.isOpen) return;
    const tracks = this.tracks();
    if (tracks.size === 0) return;
    window.clearTimeout(this.retryTimer);
    this.opening = this.open(this.greeting, tracks)
      .catch(() => this.failed())
      .finally(() => (this.opening = undefined));
  }

  trackChanged(kind: DeviceKind, track: MediaStreamTrack | null): void {
    if (this.line === undefined) this.want();
    else this.line.setTrack(kind, track).catch(() => this.renew());
  }

  setSending(kind: DeviceKind, on: boolean): void {
    for (const line of [this.line, ...this.leaving]) line?.setSending(kind, on);
  }

  /** What a call shows comes from its newest line: those it came from before can go. */
  settle(): void {
    for (const line of this.leaving.splice(0)) {
      this.signal.tell('line_close', { lineId: line.id });
      line.close();
    }
  }

  /** The tracks of the partner, or null when there is no line to hear them on (it is on its way then). */
  async join(
    media: CallMedia,
    muted: ReadonlySet<DeviceKind>,
    veiled: boolean,
  ): Promise<MediaStreamTrack[] | null> {
    try {
      return (await this.line?.join(media, muted, veiled)) ?? null;
    } catch {
      this.renew();
      return null;
    }
  }

  /** Both have said yes: the picture goes out as it is. */
  unveil(): void {
    this.line?.setVeil(false).catch(() => this.renew());
  }

  part(): void {
    this.settle();
    this.line?.part();
  }

  close(): void {
    this.closed = true;
    window.clearTimeout(this.retryTimer);
    this.drop();
  }

  private async open(
    greeting: ServerData<'connected'>,
    tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>,
  ): Promise<void> {
    const line = await this.make(greeting, tracks, false);
    if (this.closed || this.greeting !== greeting) {
      // Made under an earlier greeting: the server is told, and one for this greeting is made.
      this.signal.tell('line_close', { lineId: line.id });
      line.close();
      queueMicrotask(() => this.want());
      return;
    }
    this.failures = 0;
    this.news.restored();
    await this.use(line, tracks);
  }

  private async make(
    greeting: ServerData<'connected'>,
    tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>,
    beside: boolean,
  ): Promise<OwnLine> {
    this.device ??= await loadDevice(greeting.routerRtpCapabilities);
    const { iceServers, plan } = greeting;
    const line: OwnLine = await OwnLine.open(
      this.signal,
      this.device,
      { iceServers, ceilingKbps: plan.plan.maxKbps, beside },
      tracks,
      {
        broken: () => {
          if (this.line === line) this.renew();
        },
      },
    );
    return line;
  }

  /** This is the line from now on. `made`: with these tracks. */
  private async use(line: OwnLine, made: ReadonlyMap<DeviceKind, MediaStreamTrack>): Promise<void> {
    this.line = line;
    // What was switched on or exchanged while the line was being made.
    for (const [kind, track] of this.tracks()) {
      if (made.get(kind) !== track) await line.setTrack(kind, track);
    }
  }

  /**
   * Makes a line beside the present one, which goes on until nobody needs it. Where that fails, the present one stays;
   * should it be lost in the end, that is said, and a new one is made then.
   */
  private move(old: OwnLine): void {
    const { greeting } = this;
    if (this.closed || this.opening !== undefined || greeting === undefined || !this.signal.isOpen) return;
    const tracks = this.tracks();
    this.opening = this.make(greeting, tracks, true)
      .then((line) => {
        // Lost meanwhile, there is nothing left to take the place of, and the new one is welcome all the same.
        const isWanted = !this.closed && (this.line === old || this.line === undefined);
        if (!isWanted) return line.close();
        if (this.line === old) this.leave(old);
        return this.use(line, tracks);
      })
      .catch(() => undefined)
      .finally(() => {
        this.opening = undefined;
        this.want();
      });
  }

  private leave(line: OwnLine): void {
    if (!line.isRunning) {
      this.signal.tell('line_close', { lineId: line.id });
      line.close();
      return;
    }
    this.leaving.push(line);
    window.setTimeout(() => {
      if (this.leaving.includes(line)) this.settle();
    }, LEAVING_MS);
  }

  private tracks(): Map<DeviceKind, MediaStreamTrack> {
    const found = new Map<DeviceKind, MediaStreamTrack>();
    for (const kind of ['microphone', 'camera'] as const) {
      const track = this.devices.track(kind);
      if (track !== null) found.set(kind, track);
    }
    return found;
  }

  /** Without a connection nothing can be made and nobody has refused it: the next greeting begins anew. */
  private failed(): void {
    if (this.closed || !this.signal.isOpen) return;
    this.failures += 1;
    if (this.failures > RETRY_MS.length) {
      this.news.unavailable();
      return;
    }
    window.clearTimeout(this.retryTimer);
    this.retryTimer = window.setTimeout(() => this.want(), RETRY_MS[this.failures - 1]);
  }

  private renew(): void {
    this.drop();
    this.failed();
  }

  private drop(): void {
    for (const line of this.leaving.splice(0)) line.close();
    this.line?.close();
    this.line = undefined;
  }
}
