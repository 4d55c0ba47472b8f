/*
 * Moments are those of this page (`performance.now`), unless they are said to be since the epoch. They go on evenly
 * whatever happens to the clock of the device, and are not compared with times of the server.
 */
import type {
  Circle,
  CloseName,
  EndReason,
  ErrorCode,
  Mode,
  PlanState,
  Stats,
  WireBan,
  WishesInput,
} from '../../../../src/protocol';

/** Why there is no connection, as far as the client can tell. */
export type ConnectionProblem =
  /** The device has no network. */
  | 'offline'
  /** The server has announced a restart. It will know of no calls afterwards. */
  | 'restarting'
  /** The connection was lost, and has not been retried yet. */
  | 'dropped'
  /** The server takes no more new people for now, and has said when to come again. */
  | 'busy'
  /** A retry has failed. */
  | 'unreachable';

/** The connection to the server. */
export type ConnectionState =
  | { state: 'connecting' }
  | { state: 'open' }
  /**
   * There is no socket, and the client retries. Until `keptUntil` the server can resume the search or call that the
   * user had; null: it cannot.
   */
  | {
      state: 'reconnecting';
      why: ConnectionProblem;
      since: number;
      keptUntil: number | null;
      nextTryAt: number;
    }
  /** The client does not retry: the user has to reconnect (`reconnectNow`) or reload. */
  | {
      state: 'closed';
      reason: Exclude<CloseName, 'goingAway'> | 'unreachable';
      /** With `banned`: what the server said of it. */
      ban?: WireBan;
    };

export type DeviceKind = 'camera' | 'microphone';

/** What a user can choose: also where the partner's sound comes out. */
export type ChoosableKind = DeviceKind | 'speaker';

/** Why a camera or microphone cannot be used. */
export type DeviceError =
  /** The user or the browser's settings deny access. */
  | 'denied'
  /** Another program uses it. */
  | 'in_use'
  /** No such device was found. */
  | 'missing'
  /** It has ended during use: it was unplugged, or its battery is empty. */
  | 'lost'
  /** The browser has not answered: its question may still be open, or the device does not react. */
  | 'no_answer'
  /** The page is served neither over HTTPS nor from localhost, so the browser gives no access to devices. */
  | 'insecure'
  /** The browser does not support WebRTC. */
  | 'unsupported'
  | 'unknown';

export type DeviceState =
  | { state: 'unasked' }
  | { state: 'asking' }
  /** `off`: available, but turned off by the user (muted, camera off). */
  | { state: 'ready'; off: boolean; deviceId: string; trouble?: DeviceTrouble }
  | { state: 'faulty'; fault: DeviceError };

/** What is the matter with a device that is open. */
export type DeviceTrouble =
  /** The system has taken it for a while: a phone call, a privacy shutter, a page in the background. */
  | 'interrupted'
  /** The microphone gives no signal at all, as when it is switched off at the headset. */
  | 'silent';

/** What the user is told about a device. `replaced`: it was lost, and another one is in use. */
export type DeviceProblem =
  | { kind: 'camera'; problem: DeviceError | 'interrupted' }
  | { kind: 'microphone'; problem: DeviceError | DeviceTrouble | 'replaced' };

/** Whether the device is open, turned on, and not taken by the system. */
export const isSending = (device: DeviceState): boolean =>
  device.state === 'ready' && !device.off && device.trouble !== 'interrupted';

export interface ListedDevice {
  readonly id: string;
  /** Empty until the user has granted permission. */
  readonly label: string;
}

export interface Devices {
  camera: DeviceState;
  microphone: DeviceState;
  /** The user's own video and audio; play it muted. The object stays the same while its tracks change. */
  stream: MediaStream | null;
  /** The available devices. */
  cameras: readonly ListedDevice[];
  microphones: readonly ListedDevice[];
  /** Empty where the browser does not let a page choose. */
  speakers: readonly ListedDevice[];
  /** Where the partner's sound comes out; empty for the system's default. */
  speaker: string;
}

export type MessageState = 'sending' | 'sent' | 'delivered' | 'read' | 'failed';

export interface ChatLine {
  id: string;
  mine: boolean;
  text: string;
  /** ms since the epoch */
  at: number;
  /** Meaningful only for the user's own messages. */
  state: MessageState;
}

/** A call as the screen shows it, from the match to its end. */
export interface CallView {
  callId: string;
  mode: Mode;
  /** `country`: only where both show theirs. */
  partner: { id: string; name: string; country?: string | undefined };
  shared: { interests: readonly string[]; languages: readonly string[] };
  /** When both could talk first; before that, the time of the match. */
  startedAt: number;
  /** Null when nobody has to accept (any more): video, audio and chat are open. */
  accept: { until: number; you: boolean; they: boolean } | null;
  /** The partner's video and audio. The object stays the same for the whole call. */
  remote: MediaStream;
  /** True once a frame of the partner was decoded (in voice calls: once audio arrived). */
  flowing: boolean;
  they: { microphone: boolean; camera: boolean; typing: boolean };
  /** Set while the partner is disconnected: until when the server waits for them, and for how long in all. */
  away: { until: number; graceMs: number } | null;
  chat: readonly ChatLine[];
  /** How many messages of the partner were not marked as read yet. */
  unread: number;
}

export type Phase =
  | { phase: 'idle' }
  | {
      phase: 'searching';
      mode: Mode;
      likes: readonly string[];
      /**
       * Whether the user has given a location or age, and languages: it decides which steps are shown. Null where
       * unknown.
       */
      said: { near: boolean; languages: boolean } | null;
      /**
       * The name of the last partner, where the call was recent: they are matched again only if nobody else waits.
       */
      justMet: string | null;
      since: number;
      /** While set and in the future: the search pauses because the user skipped too fast. */
      pausedUntil: number | null;
      step: number;
      steps: readonly { circle: Circle; afterMs: number }[];
      estimateMs: number | null;
      /** How many other people search in this mode. */
      waiting: number;
      /** The server cannot match anybody at the moment. */
      held: boolean;
    }
  | { phase: 'call'; call: CallView }
  /**
   * The call has ended. `nextAt`: when the next search starts automatically; null when the user chose to stay, and
   * while something prevents it. `held`: the countdown begins when the user has finished reading or writing.
   */
  | { phase: 'ended'; call: CallView; reason: CallEndReason; nextAt: number | null; held: boolean };

/** Why no automatic search begins: a sheet about the ended call is open, or its chat is being read. */
export type HoldReason = 'sheet' | 'reading';

/** The reason from the server, or `away`: the call ended while this client was disconnected. */
export type CallEndReason = EndReason | 'away';

/** The newest notice, shown as one line where it concerns the user. Its text is in the message catalogue. */
export interface Notice {
  /** Increases with each notice, so that the same notice can be shown twice. */
  serial: number;
  code:
    | ErrorCode
    | 'shutting_down'
    | 'plan_minutes_low'
    | 'search_expired'
    | 'reported'
    | 'blocked'
    /** Something has happened to a device: `device` says what. */
    | 'device'
    /** The user was logged out on another device and continues as a guest. */
    | 'signed_out';
  /** ms since the epoch */
  at: number;
  saidAt: number;
  retryAfterMs?: number;
  /** Only for `plan_minutes_low`: the time that is left. */
  leftMs?: number;
  /** Only for `blocked`: the blocked user, so that it can be undone. */
  about?: { id: string; name: string };
  /** Only for `device`. */
  device?: DeviceProblem;
}

export interface EngineState {
  connection: ConnectionState;
  /** In a call: the server has said nothing for two seconds, so what the page shows of the partner may be outdated. */
  isInDoubt: boolean;
  /** The user as named by the last `connected` message; a new object with each one. */
  me: { userId: string; name: string; isAnonymous: boolean; plan: PlanState } | null;
  stats: Stats | null;
  devices: Devices;
  phase: Phase;
  notice: Notice | null;
}

/** The commands for the screens. None of them throws: failures appear in the state. */
export interface Engine {
  /** Connects to the server and follows the devices. A second call does nothing. */
  start(): void;
  getState(): EngineState;
  subscribe(listener: () => void): () => void;

  /** Opens the camera and microphone that the mode needs, and then the line. Call it again to retry. */
  askDevices(mode: Mode): void;
  /** Closes the devices that the mode does not need. */
  keepDevices(mode: Mode): void;
  /** Uses this device now and on the next visits. */
  chooseDevice(kind: ChoosableKind, deviceId: string): void;
  setMicrophone(on: boolean): void;
  setCamera(on: boolean): void;
  /**
   * The level of the user's microphone, 0–1. Null while the browser does not let the page measure it. It is cheap enough
   * for every animation frame.
   */
  level(): number | null;
  /** How loud the partner is, 0–1; 0 while no sound of theirs arrives. */
  partnerLevel(): number;

  find(wishes: WishesInput): void;
  cancelSearch(): void;
  accept(): void;
  next(): void;
  /** Ends the call or the search; the phase becomes `idle`. */
  stop(): void;
  /** In `ended`: cancels the automatic next search. */
  stayHere(): void;
  /** While held, no automatic next search begins, because the user is busy with the ended call. */
  holdNext(reason: HoldReason, held: boolean): void;

  say(text: string): void;
  retry(messageId: string): void;
  setTyping(typing: boolean): void;
  markRead(): void;

  report(type: string, words: string): void;
  block(): void;

  /** The user logged in or out, or was erased: ends everything and reconnects as the new user. */
  identityChanged(): void;
  reconnectNow(): void;
  dismissNotice(): void;
  /** Ends everything for good: no state changes afterwards, and `start` does nothing. A second call does nothing. */
  close(): void;
}
