import type { Mode } from '../../../../src/protocol';
import { DeviceChoices } from './device-choices';
import { DeviceList, type ListedDevices } from './device-list';
import { whyImpossible, type DeviceWish } from './device-request';
import { DeviceRequests, type DeviceRequest } from './device-requests';
import { HeldDevices } from './held-devices';
import { MicrophoneMeter } from './microphone-meter';
import { MutedDevices } from './muted-devices';
import { NEEDED_DEVICES } from './needed-devices';
import type { ChoosableKind, DeviceError, DeviceKind, DeviceProblem, Devices } from './state';

export type { DeviceKind } from './state';

const KINDS = ['camera', 'microphone'] as const;

/** A microphone that ends again within this time is not replaced once more, because the next one would end, too. */
const REPLACEMENT_PAUSE_MS = 5_000;

export interface LocalDevicesEvents {
  /** The track of this kind has changed (null: there is none). */
  trackChanged(kind: DeviceKind, track: MediaStreamTrack | null): void;
  stateChanged(): void;
  /** Something has happened to a device that the user has to know of. */
  problem(problem: DeviceProblem): void;
  /** The device works (again). */
  works(kind: DeviceKind): void;
}

/**
 * The user's camera and microphone: opens what the mode needs and closes what it does not need, turns devices off and
 * on, exchanges them, and notices when they are lost, interrupted or back.
 */
export class LocalDevices {
  /** The mode whose devices are wanted; null before the first one. */
  private mode: Mode | null = null;
  private closed = false;
  private readonly held = new HeldDevices({
    stateChanged: () => this.events.stateChanged(),
    dropped: (kind) => {
      if (kind === 'microphone') this.meter.close();
      this.events.trackChanged(kind, null);
    },
  });
  /** The id of a device that was lost, to recognise it when it is back. */
  private readonly lost = new Map<DeviceKind, string>();
  private replacedAt = -Infinity;
  private readonly choices = new DeviceChoices();
  private readonly mutedDevices = new MutedDevices();
  private readonly requests = new DeviceRequests({
    opened: (tracks) => this.opened(tracks),
    unanswered: (kind) => this.unanswered(kind),
  });
  private readonly list = new DeviceList({
    listed: (devices) => this.listed(devices),
    pluggedInOrOut: () => this.pluggedInOrOut(),
    defaultMicrophoneChanged: () => this.defaultMicrophoneChanged(),
    permissionChanged: (kind, state) => this.permissionChanged(kind, state),
    shownAgain: () => this.checkTracks(),
  });
  private readonly meter = new MicrophoneMeter((silent) => this.heardNothing(silent));

  constructor(private readonly events: LocalDevicesEvents) {}

  get state(): Devices {
    return this.held.state;
  }

  /** Follows which devices are plugged in and out, and what the browser permits. A second call does nothing. */
  start(): void {
    if (!this.closed) this.list.start();
  }

  track(kind: DeviceKind): MediaStreamTrack | null {
    return this.held.get(kind)?.track ?? null;
  }

  /**
   * Opens the devices that the mode needs and that are not open yet, and closes the others. Devices that have failed are
   * tried again only with `retry`. Resolves when each device is open or has failed.
   */
  async ask(mode: Mode, retry: boolean): Promise<void> {
    this.keep(mode);
    const missing = NEEDED_DEVICES[mode].filter((kind) => this.mayAsk(kind, mode, retry));
    if (missing.length === 0 || this.closed) return;
    const fault = whyImpossible();
    // A camera that is turned off is not opened, because its light would suggest the opposite.
    const dark = fault === undefined && missing.includes('camera') && this.mutedDevices.has('camera');
    if (dark) this.held.set('camera', { state: 'ready', off: true, deviceId: '' });
    const wanted = missing.filter((kind) => !(dark && kind === 'camera'));
    for (const kind of wanted)
      this.held.set(kind, fault === undefined ? { state: 'asking' } : { state: 'faulty', fault });
    if (fault !== undefined) return;
    await this.openAll(wanted);
    await this.list.refresh();
  }

  /** Closes the devices that the mode does not need. Nothing is opened. */
  keep(mode: Mode): void {
    this.mode = mode;
    for (const kind of KINDS) {
      if (NEEDED_DEVICES[mode].includes(kind)) continue;
      this.requests.withdraw(kind);
      this.held.drop(kind);
      if (this.state[kind].state !== 'unasked') this.held.set(kind, { state: 'unasked' });
    }
  }

  /**
   * Uses this device now and on the next visits. The new one is opened before the old one is closed, so that a device
   * that cannot be opened costs nothing.
   */
  async choose(kind: ChoosableKind, deviceId: string): Promise<void> {
    if (kind === 'speaker') {
      this.choices.keep(kind, deviceId);
      return this.held.change({ speaker: deviceId });
    }
    const state = this.state[kind];
    const isDark = kind === 'camera' && state.state === 'ready' && state.off;
    if (isDark) this.held.set(kind, { ...state, deviceId });
    if (isDark || !this.needs(kind)) return this.choices.keep(kind, deviceId);
    this.lost.delete(kind);
    if (await this.exchange(kind, deviceId)) this.choices.keep(kind, deviceId);
    await this.list.refresh();
  }

  /**
   * Turning a camera off closes it, so that its light goes out. A microphone stays open, but silent. Turning on a device
   * that was lost, refused or interrupted asks for it again.
   */
  async switch(kind: DeviceKind, on: boolean): Promise<void> {
    const state = this.state[kind];
    if (this.closed || !this.needs(kind) || (on && this.requests.awaits(kind))) return;
    this.mutedDevices.keep(kind, !on);
    if (on && (state.state !== 'ready' || state.trouble === 'interrupted')) return this.openAgain(kind);
    if (state.state !== 'ready') return;
    if (kind === 'microphone') {
      const track = this.track(kind);
      if (track !== null) track.enabled = on;
      return this.held.set(kind, { ...state, off: !on });
    }
    if (on) return state.off ? this.openAgain(kind) : undefined;
    this.requests.withdraw(kind);
    this.held.drop(kind);
    this.held.set(kind, { state: 'ready', off: true, deviceId: state.deviceId });
  }

  /** The level of the microphone, 0–1. Null while the browser does not let the page measure it. */
  level(): number | null {
    const track = this.track('microphone');
    // Nothing can be said of a microphone that is not open (yet).
    if (track === null) return null;
    return track.enabled ? this.meter.level(track) : 0;
  }

  close(): void {
    this.closed = true;
    this.list.close();
    for (const kind of KINDS) {
      this.requests.withdraw(kind);
      this.held.get(kind)?.stop();
    }
    this.meter.close();
  }

  // Opening

  private mayAsk(kind: DeviceKind, mode: Mode, retry: boolean): boolean {
    const { state } = this.state[kind];
    if (state === 'unasked') return true;
    // One question for both devices may wait for a camera that is not wanted any more.
    if (state === 'asking') return retry && this.requests.awaitsMoreThan(kind, NEEDED_DEVICES[mode]);
    return retry && state === 'faulty';
  }

  /** Opening both at once shows one question. If that fails, opening them one by one shows which one failed. */
  private async openAll(kinds: readonly DeviceKind[]): Promise<void> {
    let remaining = kinds;
    if (kinds.length > 1) {
      const request = this.requests.begin(...kinds);
      const fault = await this.requests.send(
        request,
        kinds.map((kind) => this.remembered(kind)),
      );
      // What was released or asked for anew meanwhile is not opened by this request.
      remaining = fault === undefined ? [] : kinds.filter((kind) => this.requests.counts(request, kind));
    }
    for (const kind of remaining) {
      const request = this.requests.begin(kind);
      const fault = await this.requests.send(request, [this.remembered(kind)]);
      if (fault !== undefined && this.requests.counts(request, kind)) this.failed(kind, fault);
    }
  }

  /** The user has turned on a device that is not open. */
  private async openAgain(kind: DeviceKind): Promise<void> {
    const fault = whyImpossible();
    if (fault !== undefined) return this.failed(kind, fault);
    // A camera that was only turned off is opened without a question, so its window stays as it is.
    if (this.state[kind].state !== 'ready') this.held.set(kind, { state: 'asking' });
    const request = this.requests.begin(kind);
    const failure = await this.requests.send(request, [this.remembered(kind)]);
    if (failure === undefined) this.lost.delete(kind);
    else this.finish(request, kind, failure);
    await this.list.refresh();
  }

  /** Resolves with whether this device is in use now. */
  private async exchange(kind: DeviceKind, deviceId: string): Promise<boolean> {
    const before = this.held.get(kind)?.deviceId;
    if (this.state[kind].state !== 'ready') this.held.set(kind, { state: 'asking' });
    const request = this.requests.begin(kind);
    const exactly = (id: string): DeviceWish[] => [{ kind, deviceId: id, exact: true }];
    let fault = await this.requests.send(request, exactly(deviceId));
    // Phones open one camera at a time, so the old one may be what stands in the way.
    if (fault === 'in_use' && this.requests.counts(request, kind) && this.held.isLive(kind)) {
      this.held.drop(kind);
      fault = await this.requests.send(request, exactly(deviceId));
    }
    if (fault === undefined) return this.held.get(kind)?.deviceId === deviceId;
    if (!this.requests.counts(request, kind)) return false;
    if (this.held.isLive(kind)) {
      this.requests.withdraw(kind);
      this.events.problem({ kind, problem: fault });
    } else {
      const isBack =
        before !== undefined && (await this.requests.send(request, exactly(before))) === undefined;
      if (isBack) this.events.problem({ kind, problem: fault });
      else this.finish(request, kind, fault);
    }
    return false;
  }

  private finish(request: DeviceRequest, kind: DeviceKind, fault: DeviceError): void {
    if (!this.requests.counts(request, kind)) return;
    this.failed(kind, fault);
    this.events.problem({ kind, problem: fault });
  }

  /** A device that works stays in use while the browser does not answer for another one. */
  private unanswered(kind: DeviceKind): void {
    if (this.held.isLive(kind)) this.events.problem({ kind, problem: 'no_answer' });
    else this.failed(kind, 'no_answer');
  }

  private failed(kind: DeviceKind, fault: DeviceError): void {
    this.held.drop(kind);
    this.held.set(kind, { state: 'faulty', fault });
  }

  private opened(tracks: ReadonlyMap<DeviceKind, MediaStreamTrack>): void {
    for (const [kind, track] of tracks) this.hold(kind, track);
    // Reported when all are open, so that a line is opened once, with all tracks.
    for (const [kind, track] of tracks) this.events.trackChanged(kind, track);
  }

  private hold(kind: DeviceKind, track: MediaStreamTrack): void {
    const { deviceId } = this.held.hold(kind, track, this.mutedDevices.has(kind), {
      ended: () => void this.ended(kind),
      interrupted: (isInterrupted) => this.interrupted(kind, isInterrupted),
    });
    if (this.lost.get(kind) === deviceId) this.lost.delete(kind);
    this.events.works(kind);
    if (kind === 'microphone') this.meter.follow(track);
  }

  // What happens to the devices

  private async ended(kind: DeviceKind): Promise<void> {
    const id = this.held.get(kind)?.deviceId ?? '';
    this.held.drop(kind);
    // Opening another camera ends the first one on some phones. The answer says what is in use then.
    if (this.requests.awaits(kind)) return this.held.set(kind, { state: 'asking' });
    this.lost.set(kind, id);
    this.failed(kind, 'lost');
    await this.list.refresh();
    // The permission may have changed meanwhile, or the user has turned the device on again.
    if (!this.held.isLost(kind)) return;
    if (this.list.permission(kind) === 'denied') this.failed(kind, 'denied');
    else if (kind === 'microphone' && (await this.replaceMicrophone())) return;
    const state = this.state[kind];
    if (state.state === 'faulty') this.events.problem({ kind, problem: state.fault });
  }

  /**
   * Another microphone goes on with what the user says. A camera is not replaced, because the user has not seen what
   * the other one shows. Never asks the user anything.
   */
  private async replaceMicrophone(): Promise<boolean> {
    const now = performance.now();
    const isAllowed = this.list.permission('microphone') === 'granted';
    if (!isAllowed || now - this.replacedAt < REPLACEMENT_PAUSE_MS || !this.needs('microphone')) return false;
    this.replacedAt = now;
    const request = this.requests.begin('microphone');
    const fault = await this.requests.send(request, [this.remembered('microphone')]);
    if (fault !== undefined) return false;
    this.events.problem({ kind: 'microphone', problem: 'replaced' });
    return true;
  }

  private interrupted(kind: DeviceKind, isInterrupted: boolean): void {
    const state = this.state[kind];
    if (state.state !== 'ready' || (state.trouble === 'interrupted') === isInterrupted) return;
    this.held.set(kind, { ...state, trouble: isInterrupted ? 'interrupted' : undefined });
    if (!isInterrupted) this.events.works(kind);
    else if (!state.off) this.events.problem({ kind, problem: 'interrupted' });
  }

  private heardNothing(silent: boolean): void {
    const state = this.state.microphone;
    if (state.state !== 'ready' || state.trouble === 'interrupted') return;
    this.held.set('microphone', { ...state, trouble: silent ? 'silent' : undefined });
    if (!silent) this.events.works('microphone');
    else this.events.problem({ kind: 'microphone', problem: 'silent' });
  }

  /** A device that was lost is back, or one that was missing is there. */
  private pluggedInOrOut(): void {
    for (const kind of KINDS) {
      const state = this.state[kind];
      const lost = this.lost.get(kind);
      const listed = kind === 'camera' ? this.state.cameras : this.state.microphones;
      if (!this.needs(kind) || this.requests.awaits(kind)) continue;
      if (lost !== undefined && lost !== '' && listed.some(({ id }) => id === lost)) {
        // Of the devices that work, only a microphone that replaces the lost one gives way to it.
        if (state.state === 'faulty' || kind === 'microphone') void this.exchange(kind, lost);
      } else if (state.state === 'faulty' && state.fault === 'missing' && listed.length > 0)
        void this.openAgain(kind);
    }
  }

  /** Browsers go on with the device that was the default when it was opened. */
  private defaultMicrophoneChanged(): void {
    const state = this.state.microphone;
    if (state.state === 'ready' && state.deviceId === 'default' && !this.requests.awaits('microphone'))
      void this.exchange('microphone', 'default');
  }

  private permissionChanged(kind: DeviceKind, permission: PermissionState): void {
    const state = this.state[kind];
    if (!this.needs(kind) || this.requests.awaits(kind)) return;
    if (permission === 'granted') {
      if (state.state === 'faulty' && state.fault === 'denied') void this.openAgain(kind);
      return;
    }
    // A browser that takes the permission back ends the tracks, before or after it says so.
    const isRevoked = state.state === 'ready' && permission === 'denied' && this.held.isLive(kind);
    if (!isRevoked && !this.held.isLost(kind)) return;
    this.failed(kind, 'denied');
    this.events.problem({ kind, problem: 'denied' });
  }

  /** Some systems end or interrupt the tracks of a hidden page without an event. */
  private checkTracks(): void {
    for (const kind of KINDS) {
      const device = this.held.get(kind);
      if (device === undefined) continue;
      if (!device.isLive) void this.ended(kind);
      else this.interrupted(kind, device.track.muted);
    }
  }

  // State

  private needs(kind: DeviceKind): boolean {
    return !this.closed && this.mode !== null && NEEDED_DEVICES[this.mode].includes(kind);
  }

  /** The device that the user has chosen, or another one where it is away. */
  private remembered(kind: DeviceKind): DeviceWish {
    return { kind, deviceId: this.choices.get(kind), exact: false };
  }

  private listed(devices: ListedDevices): void {
    const chosen = this.choices.get('speaker');
    const speaker = devices.speakers.find(({ id }) => id === chosen)?.id ?? '';
    this.held.change({ ...devices, speaker });
  }
}
