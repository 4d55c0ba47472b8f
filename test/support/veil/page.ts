/// <reference lib="dom" />
/** Runs in the browser: the client's own engine, played by a person who decides at random and a browser that misbehaves. */
import { PasserbyEngine } from '../../../client/src/chat/engine/engine';
import type { CallView } from '../../../client/src/chat/engine/state';
import { Chance, FaultyBrowser } from './faulty-browser';
import { PictureProbe, now, type SentPicture } from './picture-probe';

/**
 * Chromium sends black key frames for a track that has been stopped, at the size that the sender had. A key frame of 320
 * pixels or more in so few bytes is of one colour; one of the test camera takes some thousands.
 */
const ONE_COLOUR_BYTES = 150;
const VEILED = 80;
/** What was encoded a moment before the end of a call may leave a moment after it: nobody is shown it any more. */
const UNDER_WAY_MS = 200;
/** How soon after both have said yes the whole picture has to leave, even if a request is held back at that moment. */
const UNVEIL_MS = 2_000 + 2_500;
/** A request that fails is tried again, or the line is made again. */
const FAILURE_MS = 2_000;

type CameraSize = readonly [width: number, height: number];
const CAMERAS: readonly [CameraSize, ...CameraSize[]] = [
  [640, 360],
  [640, 480],
  [480, 640],
  [320, 240],
];

export interface Report {
  calls: number;
  opened: number;
  /** How many pictures were sent, and how many of the partner's were shown in the accept step. */
  sent: number;
  shownVeiled: number;
  held: number;
  failed: number;
  /** From the moment in which both had said yes to the first whole picture (ms). */
  unveiled: number[];
  /** From the moment in which both had said yes to the partner's whole picture (ms); for browsers that behave. */
  seen: number[];
  /** What must not be. */
  faults: string[];
}

class VeilPerson {
  readonly report: Report = {
    calls: 0,
    opened: 0,
    sent: 0,
    shownVeiled: 0,
    held: 0,
    failed: 0,
    unveiled: [],
    seen: [],
    faults: [],
  };
  private readonly video = document.createElement('video');
  private readonly chance: Chance;
  private readonly browser: FaultyBrowser;
  private engine: PasserbyEngine | undefined;
  private camera: CameraSize = CAMERAS[0];
  private isCameraOff = false;
  private behaves = true;
  /** The call whose veiled picture was shown last. */
  private lookedAt = '';
  /** Since when the whole picture may be sent, or undefined, and until when it might be. */
  private openSince: number | undefined;
  private openUntil = 0;
  private readonly whole: SentPicture[] = [];

  constructor(seed: number) {
    this.chance = new Chance(seed);
    this.browser = new FaultyBrowser(new Chance(seed + 7919));
    Object.assign(this.video, { muted: true, autoplay: true, playsInline: true });
    document.body.append(this.video);
    this.useSizes();
    new PictureProbe((picture) => this.sent(picture));
    const shown = (_: number, { width, height }: VideoFrameCallbackMetadata): void => {
      this.shown(Math.max(width, height));
      this.video.requestVideoFrameCallback(shown);
    };
    this.video.requestVideoFrameCallback(shown);
  }

  async arrive(url: string, faulty: boolean): Promise<void> {
    sessionStorage.clear();
    const engine = new PasserbyEngine(url);
    this.engine = engine;
    engine.subscribe(() => this.follow());
    engine.start();
    await this.until(() => engine.getState().connection.state === 'open', 10_000);
    engine.askDevices('video');
    await this.until(() => engine.getState().devices.camera.state === 'ready', 10_000);
    await this.rest(1_000);
    if (faulty) this.browser.install();
    this.behaves = !faulty;
  }

  async play(rounds: number): Promise<Report> {
    // Those who are done leave, so in the end there is nobody to meet.
    for (let round = 0, alone = 0; round < rounds && alone < 2; round += 1)
      alone = (await this.round()) ? 0 : alone + 1;
    this.person.stop();
    this.report.held = this.browser.heldMs;
    this.report.failed = this.browser.failed;
    return this.report;
  }

  /** Meets somebody; `false` where nobody was found. */
  private async round(): Promise<boolean> {
    const { report, person } = this;
    if (this.call() === undefined) person.find({ mode: 'video', blurFirst: true });
    await this.until(() => this.call() !== undefined, 6_000);
    const callId = this.call()?.callId;
    if (callId === undefined) return false;
    report.calls += 1;
    await this.decide(callId);
    this.leave(callId);
    return true;
  }

  private async decide(callId: string): Promise<void> {
    const { chance, report, person } = this;
    const isSame = (): boolean => this.call()?.callId === callId;
    for (let acts = chance.upTo(3); acts > 0 && isSame(); acts -= 1) {
      await this.rest(chance.upTo(250));
      this.act();
    }
    // Most people look at the partner before they decide.
    if (chance.happens(0.6)) await this.until(() => !isSame() || this.lookedAt === callId, 1_500);
    if (chance.happens(0.25)) return;
    person.accept();
    await this.until(() => !isSame() || this.openSince !== undefined, 5_000);
    if (this.openSince === undefined || !isSame()) return;
    report.opened += 1;
    if (!this.behaves && chance.happens(0.4)) await this.rest(chance.upTo(300));
    else await this.wholePicture(callId);
  }

  private async wholePicture(callId: string): Promise<void> {
    const { openSince = 0, browser } = this;
    if (this.isCameraOff) this.person.setCamera(true);
    this.isCameraOff = false;
    const heldBefore = browser.heldMs;
    const failedBefore = browser.failed;
    const isWhole = (): boolean =>
      this.whole.some(({ at, side }) => at >= openSince && side === this.cameraSide());
    const isSame = (): boolean => this.call()?.callId === callId;
    const most = (): number =>
      UNVEIL_MS + browser.heldMs - heldBefore + FAILURE_MS * (browser.failed - failedBefore);
    while (isSame() && !isWhole() && now() - openSince < most()) await this.rest(20);
    if (!isSame() || this.cameraSide() === undefined) return;
    if (isWhole()) {
      this.report.unveiled.push(Math.round(now() - openSince));
      if (this.behaves) await this.seePartner(isSame, openSince);
      return;
    }
    const sizes = `${this.whole.at(-1)?.side} of ${this.cameraSide()} pixels`;
    this.report.faults.push(`${sizes} ${Math.round(now() - openSince)} ms after both said yes`);
  }

  /** The longer side of what the camera gives; undefined while it is off. */
  private cameraSide(): number | undefined {
    const [track] = this.person.getState().devices.stream?.getVideoTracks() ?? [];
    const { width = 0, height = 0 } = track?.getSettings() ?? {};
    return track === undefined ? undefined : Math.max(width, height);
  }

  /** Waits for the partner's whole picture. Left out where the partner is gone first. */
  private async seePartner(isSame: () => boolean, openSince: number): Promise<void> {
    const [width] = CAMERAS[0];
    await this.until(() => !isSame() || this.video.videoWidth >= width, 8_000);
    if (!isSame()) return;
    if (this.video.videoWidth >= width) this.report.seen.push(Math.round(now() - openSince));
    else this.report.faults.push(`a partner's picture stays ${this.video.videoWidth} pixels wide`);
  }

  /** Does something with the camera, as people do while they decide. */
  private act(): void {
    const { chance, person } = this;
    if (chance.happens(0.3)) return;
    if (this.isCameraOff || this.behaves || chance.happens(0.4)) {
      this.isCameraOff = !this.isCameraOff;
      person.setCamera(!this.isCameraOff);
      return;
    }
    this.camera = chance.of(CAMERAS);
    person.chooseDevice('camera', '');
  }

  private leave(callId: string): void {
    if (this.call()?.callId === callId) this.person.next();
  }

  private follow(): void {
    const call = this.call();
    if (call?.accept === null) this.openSince ??= now();
    else if (this.openSince !== undefined) {
      this.openSince = undefined;
      this.openUntil = now();
    }
    if (call !== undefined && this.video.srcObject !== call.remote) this.video.srcObject = call.remote;
    if (this.person.getState().phase.phase === 'ended') this.person.find({ mode: 'video', blurFirst: true });
  }

  private sent(picture: SentPicture): void {
    this.report.sent += 1;
    if (picture.side <= VEILED || picture.bytes <= ONE_COLOUR_BYTES) return;
    this.whole.push(picture);
    if (this.whole.length > 100) this.whole.shift();
    const isAllowed = this.openSince !== undefined && picture.at >= this.openSince;
    if (isAllowed || picture.at <= this.openUntil + UNDER_WAY_MS) return;
    const late = Math.round(picture.at - this.openUntil);
    this.report.faults.push(
      `a picture of ${picture.side} pixels (${picture.bytes} bytes) left ${late} ms after a call`,
    );
  }

  private shown(side: number): void {
    const call = this.call();
    if (call === undefined || call.accept === null || this.video.srcObject !== call.remote) return;
    this.report.shownVeiled += 1;
    this.lookedAt = call.callId;
    if (side > VEILED) this.report.faults.push(`a picture of ${side} pixels was shown`);
  }

  private get person(): PasserbyEngine {
    if (this.engine === undefined) throw new Error('nobody has arrived');
    return this.engine;
  }

  private call(): CallView | undefined {
    const { phase } = this.person.getState();
    return phase.phase === 'call' ? phase.call : undefined;
  }

  /** The one camera of the browser gives pictures of the size that is chosen. */
  private useSizes(): void {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = ({ audio, video } = {}) => {
      const [width, height] = this.camera;
      const size = { width: { exact: width }, height: { exact: height }, frameRate: 10 };
      return open({ ...(audio ? { audio } : {}), ...(video ? { video: size } : {}) });
    };
  }

  private rest(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  private async until(test: () => boolean, ms: number): Promise<void> {
    const end = now() + ms;
    while (!test() && now() < end) await this.rest(10);
  }
}

declare global {
  interface Window {
    enterVeilTest(seed: number): void;
    veilPerson: VeilPerson;
  }
}
window.enterVeilTest = (seed) => {
  window.veilPerson = new VeilPerson(seed);
};
