import { deviceErrorOf, kindOf, openDevices, type DeviceWish } from './device-request';
import type { DeviceError, DeviceKind } from './state';

/** How long the browser may take to answer before the user is told, and offered other ways. */
const ANSWER_MS = 15_000;

/** One call of `getUserMedia`. */
export interface DeviceRequest {
  readonly kinds: readonly DeviceKind[];
}

export interface DeviceRequestsHost {
  /** These devices are open now. They are reported together, so that a line is opened once, with all tracks. */
  opened(tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>): void;
  /** The browser has not answered for this device so far. A late answer is still reported as `opened`. */
  unanswered(kind: DeviceKind): void;
}

/**
 * The requests for devices that the browser has not answered. Of several requests for the same device only the newest
 * counts: what an earlier one, or one that was withdrawn, opens is closed at once.
 */
export class DeviceRequests {
  private readonly newest = new Map<DeviceKind, DeviceRequest>();
  private readonly late = new WeakSet<DeviceRequest>();
  private readonly inFlight = new WeakSet<DeviceRequest>();

  constructor(private readonly host: DeviceRequestsHost) {}

  /** Begins a request that replaces earlier ones for the same devices. */
  begin(...kinds: readonly DeviceKind[]): DeviceRequest {
    const request = { kinds };
    for (const kind of kinds) this.newest.set(kind, request);
    return request;
  }

  /** Asks the browser. Resolves with the fault, or with undefined when everything was opened. */
  async send(request: DeviceRequest, wishes: readonly DeviceWish[]): Promise<DeviceError | undefined> {
    const timer = window.setTimeout(() => this.tooLate(request), ANSWER_MS);
    this.inFlight.add(request);
    try {
      this.sort(request, await openDevices(wishes));
      return undefined;
    } catch (error) {
      return deviceErrorOf(error);
    } finally {
      this.inFlight.delete(request);
      window.clearTimeout(timer);
    }
  }

  /** Whether this request is the newest one for the device, and still wanted. */
  counts(request: DeviceRequest, kind: DeviceKind): boolean {
    return this.newest.get(kind) === request;
  }

  /** Whether an answer is awaited that is not late. */
  awaits(kind: DeviceKind): boolean {
    const request = this.newest.get(kind);
    return request !== undefined && this.inFlight.has(request) && !this.late.has(request);
  }

  /** Whether an answer is awaited that also concerns a device which is not among these. */
  awaitsMoreThan(kind: DeviceKind, wanted: readonly DeviceKind[]): boolean {
    return this.newest.get(kind)?.kinds.some((one) => !wanted.includes(one)) === true;
  }

  withdraw(kind: DeviceKind): void {
    this.newest.delete(kind);
  }

  private sort(request: DeviceRequest, tracks: readonly MediaStreamTrack[]): void {
    const opened = new Map<DeviceKind, MediaStreamTrack>();
    for (const track of tracks) {
      const kind = kindOf(track);
      if (!this.counts(request, kind)) track.stop();
      else opened.set(kind, track);
    }
    for (const kind of opened.keys()) this.newest.delete(kind);
    if (opened.size > 0) this.host.opened(opened);
  }

  private tooLate(request: DeviceRequest): void {
    this.late.add(request);
    for (const kind of request.kinds) if (this.counts(request, kind)) this.host.unanswered(kind);
  }
}
