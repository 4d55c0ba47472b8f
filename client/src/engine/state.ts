import type {
  Circle,
  CloseName,
  EndReason,
  ErrorCode,
  Mode,
  PlanState,
  Stats,
  WishesInput,
} from '../../../src/protocol';

/** Why there is no connection, as far as this side can know it. */
export type LinkTrouble =
  /** The machine itself has no network. */
  | 'offline'
  /** The server said that it goes away; it comes back as somebody who knows of no calls. */
  | 'restarting'
  /** It went without a word, and was not tried again yet. */
  | 'dropped'
  /** It was tried, and nobody answered. */
  | 'unreachable';

/** The connection to the server. */
export type Link =
  | { state: 'connecting' }
  | { state: 'open' }
  /**
   * There is no socket; we try again by ourselves. Until `keptUntil` the server keeps the place of whoever had one
   * when the socket went; null: it keeps none.
   */
  | { state: 'reconnecting'; why: LinkTrouble; since: number; keptUntil: number | null; nextTryAt: number }
  /** We do not try again by ourselves: the person has to act (`reconnectNow`) or reload. */
  | { state: 'closed'; reason: Exclude<CloseName, 'goingAway'> | 'unreachable' };

export type DeviceKind = 'camera' | 'microphone';

/** Why a camera or microphone cannot be had. */
export type DeviceFault =
  /** The person, or their browser's settings, said no. */
  | 'denied'
  /** Another program has it. */
  | 'in_use'
  /** There is none. */
  | 'missing'
  /** It was there and was unplugged. */
  | 'lost'
  /** The page is not served over HTTPS or from localhost, so the browser offers no devices at all. */
  | 'insecure'
  /** The browser knows no WebRTC. */
  | 'unsupported'
  | 'unknown';

export type DeviceState =
  | { state: 'unasked' }
  | { state: 'asking' }
  /** `off`: had, and switched off by the person (muted, camera off). */
  | { state: 'ready'; off: boolean; deviceId: string }
  | { state: 'faulty'; fault: DeviceFault };

export interface Devices {
  camera: DeviceState;
  microphone: DeviceState;
  /** Own picture and sound; show it muted. The object stays the same while its tracks change. */
  stream: MediaStream | null;
  /** Choices; labels are empty until the person has allowed access. */
  cameras: readonly { id: string; label: string }[];
  microphones: readonly { id: string; label: string }[];
}

export type MessageState = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';

export interface ChatLine {
  id: string;
  mine: boolean;
  text: string;
  /** ms since the epoch */
  at: number;
  /** Only of one's own lines. */
  state: MessageState;
}

/** A call as its screen needs it, from the match to its end. */
export interface CallView {
  callId: string;
  mode: Mode;
  partner: { id: string; name: string };
  shared: { interests: readonly string[]; languages: readonly string[] };
  /** Since when both can talk; until then, since when they were matched. */
  startedAt: number;
  /** Null when nobody has to say yes (any more): picture, sound and chat are open. */
  accept: { until: number; you: boolean; they: boolean } | null;
  /** Their picture and sound; the object stays the same for the whole call. */
  remote: MediaStream;
  /** True once a frame of theirs has been decoded (in voice calls: once sound arrived). */
  flowing: boolean;
  they: { microphone: boolean; camera: boolean; typing: boolean };
  /** Set while their socket is away: until when their place is held, and for how long in all. */
  away: { until: number; graceMs: number } | null;
  chat: readonly ChatLine[];
  /** Lines of theirs that were not yet marked read. */
  unread: number;
}

export type Phase =
  | { phase: 'idle' }
  | {
      phase: 'searching';
      mode: Mode;
      likes: readonly string[];
      /** What else was said of oneself, on which it depends who is in which circle; null where it is not known. */
      said: { near: boolean; languages: boolean } | null;
      /** Whom one has met last in this visit, not long ago: they are not met again while there is somebody else. */
      justMet: string | null;
      since: number;
      /** While set and in the future: a pause after skipping too fast. */
      pausedUntil: number | null;
      step: number;
      steps: readonly { circle: Circle; afterMs: number }[];
      estimateMs: number | null;
      /** Others searching in this mode. */
      waiting: number;
      /** The server can look for nobody at this moment. */
      held: boolean;
    }
  | { phase: 'call'; call: CallView }
  /**
   * The call is over. `nextAt`: when the search goes on by itself; null when the person chose to stay here, and
   * while something is in the way of it.
   */
  | { phase: 'parted'; call: CallView; reason: PartedReason; nextAt: number | null };

/** What the server says, or `away`: the call ended while this side had no connection to it. */
export type PartedReason = EndReason | 'away';

/** The newest thing worth one line at the place it concerns; the words come from the message catalogue. */
export interface Notice {
  /** Rises with each notice, so that the same one twice is shown twice. */
  serial: number;
  code:
    | ErrorCode
    | 'shutting_down'
    | 'plan_minutes_low'
    | 'search_expired'
    | 'reported'
    | 'blocked'
    | 'device_lost'
    /** Logged out from another device; a guest is greeted instead. */
    | 'signed_out';
  /** ms since the epoch */
  at: number;
  retryAfterMs?: number;
  /** Of `plan_minutes_low`. */
  leftMs?: number;
  /** Of `blocked`: who, so that it can be taken back. */
  about?: { id: string; name: string };
}

export interface EngineState {
  link: Link;
  /** As the server greeted this page; a new object with each greeting. */
  me: { userId: string; name: string; isAnonymous: boolean; plan: PlanState } | null;
  stats: Stats | null;
  devices: Devices;
  phase: Phase;
  notice: Notice | null;
}

/** What screens may ask for. Nothing here throws; what cannot be done shows up in the state. */
export interface Engine {
  getState(): EngineState;
  subscribe(listener: () => void): () => void;

  /** Opens camera and microphone as the mode needs them, and makes the line. Safe to call again to retry. */
  askDevices(mode: Mode): void;
  chooseDevice(kind: 'camera' | 'microphone', deviceId: string): void;
  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  /** Sound level of one's own microphone, 0–1, for meters; cheap enough for every animation frame. */
  level(): number;

  find(wishes: WishesInput): void;
  cancelSearch(): void;
  accept(): void;
  next(): void;
  /** Ends the call (or the search) and goes back to idle. */
  stop(): void;
  /** In `parted`: do not go on by itself. */
  stayHere(): void;
  /** While held, no call that is over is left for the next one: something about it is being written or decided. */
  holdNext(held: boolean): void;

  say(text: string): void;
  retry(messageId: string): void;
  setTyping(typing: boolean): void;
  markRead(): void;

  report(type: string, words: string): void;
  block(): void;

  /** Logged in, out or erased: ends what goes on, says good-bye, and greets as whoever this browser is now. */
  identityChanged(): void;
  reconnectNow(): void;
  dismissNotice(): void;
  close(): void;
}
