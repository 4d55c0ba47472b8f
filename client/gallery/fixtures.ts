import { CLOSE, type EndReason, type Stats, type WireBan } from '../../src/protocol';
import type {
  CallView,
  ChatLine,
  DeviceError,
  EngineState,
  ConnectionState,
  Notice,
  Phase,
} from '../src/chat/engine/state';
import { FREE, planStateOf, type FakeUser } from './fake-users';

const today = Date.now();
const now = performance.now();
const NAME = 'CalmHeron4821';

export interface Streams {
  own: MediaStream;
  other: MediaStream;
}

/** One screen in one state: the engine's state, and what a user would have pressed to get there. */
export interface Fixture {
  state: (streams: Streams) => EngineState;
  /** Starts a search in this mode, as pressing the Meet button would. */
  meets?: 'video' | 'audio' | 'text';
  stored?: Record<string, unknown>;
  /** The user agreed to the rules on an earlier visit. */
  agreed?: boolean;
  /** The address of the page, such as `/account#register`. The default is the landing screen. */
  at?: string;
  /** The user, and the state of the fake server. The default is a guest. */
  cast?: FakeUser;
}

const WISHES = { interests: ['film photography', 'slow cooking'], languages: ['en', 'de'] };

const ready = (off = false) => ({ state: 'ready', off, deviceId: 'one' }) as const;

function base(streams: Streams): EngineState {
  return {
    connection: { state: 'open' },
    isInDoubt: false,
    me: { userId: 'me', name: 'BoldOtter1187', isAnonymous: true, plan: planStateOf(FREE) },
    stats: {
      total: 2431,
      online: 2418,
      searching: 347,
      searchingBy: { video: 215, audio: 40, text: 92 },
      connected: 1820,
    },
    devices: {
      camera: ready(),
      microphone: ready(),
      stream: streams.own,
      cameras: [
        { id: 'one', label: 'FaceTime HD Camera' },
        { id: 'two', label: 'Logitech BRIO' },
      ],
      microphones: [{ id: 'one', label: 'MacBook Pro Microphone' }],
      speakers: [
        { id: 'one', label: 'MacBook Pro Speakers' },
        { id: 'two', label: 'Jabra Evolve2 40' },
      ],
      speaker: 'one',
    },
    phase: { phase: 'idle' },
    notice: null,
  };
}

const STEPS = [
  { circle: 'interest', afterMs: 0 },
  { circle: 'near', afterMs: 10_000 },
  { circle: 'language', afterMs: 20_000 },
  { circle: 'anyone', afterMs: 30_000 },
] as const;

type Searching = Extract<Phase, { phase: 'searching' }>;

const searching = (change: Partial<Searching> = {}): Searching => ({
  phase: 'searching',
  mode: 'video',
  likes: WISHES.interests,
  said: { near: true, languages: true },
  justMet: null,
  since: now - 7_000,
  pausedUntil: null,
  step: 0,
  steps: STEPS,
  estimateMs: 10_000,
  waiting: 214,
  held: false,
  ...change,
});

const CHAT: readonly ChatLine[] = [
  {
    id: 'a',
    mine: false,
    text: 'hi! sorry, my mic gave up today, so I type',
    at: today - 200_000,
    state: 'read',
  },
  {
    id: 'b',
    mine: true,
    text: 'No problem at all. I can talk and you type',
    at: today - 140_000,
    state: 'read',
  },
  { id: 'c', mine: true, text: 'What is on your stove?', at: today - 136_000, state: 'read' },
  { id: 'd', mine: false, text: 'black dal, since this morning', at: today - 70_000, state: 'read' },
  { id: 'e', mine: true, text: 'Since this morning? Now I am hungry', at: today - 9_000, state: 'delivered' },
];

function talking(streams: Streams, change: Partial<CallView> = {}): CallView {
  return {
    callId: 'call',
    mode: 'video',
    partner: { id: 'they', name: NAME },
    shared: { interests: ['slow cooking'], languages: ['en'] },
    startedAt: now - 252_000,
    accept: null,
    remote: streams.other,
    flowing: true,
    they: { microphone: false, camera: true, typing: true },
    away: null,
    chat: CHAT,
    unread: 0,
    ...change,
  };
}

const notice = (code: Notice['code'], more: Partial<Notice> = {}): Notice => ({
  serial: 1,
  code,
  at: today,
  saidAt: now,
  ...more,
});

/** A page; the engine is idle. */
const page = (at: string, cast?: FakeUser, around: Partial<EngineState> = {}): Fixture => ({
  at,
  cast,
  state: (streams) => ({ ...base(streams), ...around }),
});

const noticed = (what: Notice, cast?: FakeUser): Fixture => ({
  state: (streams) => ({ ...base(streams), notice: what }),
  stored: WISHES,
  cast,
});

const inCall =
  (change: Partial<CallView> = {}, around: Partial<EngineState> = {}) =>
  (streams: Streams): EngineState => ({
    ...base(streams),
    phase: { phase: 'call', call: talking(streams, change) },
    ...around,
  });

const accept = (you: boolean, they: boolean) => ({
  accept: { until: now + 16_500, you, they },
  chat: [],
  they: { microphone: true, camera: true, typing: false },
});

const away = { state: 'reconnecting', why: 'offline', since: now, nextTryAt: now + 2000 } as const;

function faulty(kind: 'camera' | 'microphone', fault: DeviceError): Fixture {
  return {
    meets: 'video',
    state: (streams) => {
      const idle = base(streams);
      const devices = { ...idle.devices, [kind]: { state: 'faulty', fault } as const };
      return { ...idle, devices };
    },
  };
}

const looking = (change: Partial<Searching>, around: Partial<EngineState> = {}): Fixture => ({
  state: (streams) => ({ ...base(streams), phase: searching(change), ...around }),
});

const unasked = (state: 'unasked' | 'asking') => (streams: Streams) => ({
  ...base(streams),
  devices: {
    camera: { state },
    microphone: { state },
    stream: null,
    cameras: [],
    microphones: [],
    speakers: [],
    speaker: '',
  } as const,
});

/** People who are online, all of them searching or idle. */
const countsOf = (online: number, searchingBy: Stats['searchingBy']): Stats => ({
  total: online,
  online,
  searching: searchingBy.video + searchingBy.audio + searchingBy.text,
  searchingBy,
  connected: 0,
});

const ended = (
  nextAt: number | null,
  change: Partial<CallView> = {},
  reason: EndReason = 'next',
  around: Partial<EngineState> = {},
): Fixture => ({
  state: (streams) => ({
    ...base(streams),
    phase: {
      phase: 'ended',
      call: talking(streams, { they: { microphone: true, camera: true, typing: false }, ...change }),
      reason,
      nextAt,
      held: false,
    },
    ...around,
  }),
});

const closed = (reason: Extract<ConnectionState, { state: 'closed' }>['reason']): Fixture => ({
  state: (streams) => ({ ...base(streams), connection: { state: 'closed', reason } }),
});

/** Kept out by an operator, or by several reports. */
const banned = (ban: WireBan): Fixture => ({
  state: (streams) => ({ ...base(streams), connection: { state: 'closed', reason: 'banned', ban } }),
});
const BAN_ENDS = Date.UTC(2027, 2, 14, 18, 30);

const CLOSED = Object.fromEntries(
  [...Object.keys(CLOSE).filter((name) => name !== 'goingAway'), 'unreachable'].map((name) => [
    `closed-${name}`,
    closed(name as Extract<ConnectionState, { state: 'closed' }>['reason']),
  ]),
);

export const FIXTURES: Readonly<Record<string, Fixture>> = {
  'banned-hold': banned({ kind: 'hold', reason: 'harassment', endsAt: BAN_ENDS }),
  'banned-for-good': banned({ kind: 'ban', reason: 'scam', endsAt: null }),
  landing: { state: base, stored: WISHES },
  'landing-again': { state: base, stored: WISHES, agreed: true },
  'landing-fresh': { state: unasked('unasked') },
  'landing-fresh-voice': { state: unasked('unasked'), stored: { mode: 'audio' } },
  'landing-asking': { state: unasked('asking') },
  'landing-denied': { state: faulty('camera', 'denied').state, stored: WISHES },
  'landing-insecure': { state: faulty('camera', 'insecure').state, stored: WISHES },
  'landing-offline': {
    state: (streams) => ({ ...base(streams), stats: null, connection: { ...away, keptUntil: null } }),
  },
  'landing-dark': {
    state: (streams) => {
      const state = base(streams);
      return { ...state, devices: { ...state.devices, camera: ready(true) } };
    },
    stored: WISHES,
  },
  'landing-notice': {
    state: (streams) => ({ ...base(streams), notice: notice('search_expired') }),
  },
  'landing-voice': { state: base, stored: { ...WISHES, mode: 'audio' } },
  'landing-text': { state: base, stored: { ...WISHES, mode: 'text' } },
  asking: { meets: 'video', state: unasked('asking') },
  denied: faulty('camera', 'denied'),
  'in-use': faulty('camera', 'in_use'),
  missing: faulty('camera', 'missing'),
  insecure: faulty('camera', 'insecure'),
  'no-microphone': faulty('microphone', 'missing'),
  searching: looking({}),
  'searching-held': looking({ held: true, estimateMs: null }),
  'searching-wider': looking({ step: 2, since: now - 24_000, estimateMs: null }),
  'searching-plain': looking({ likes: [], said: { near: false, languages: true } }),
  'searching-none-fits': looking(
    { likes: [], said: { near: false, languages: true }, waiting: 1, estimateMs: null },
    { stats: countsOf(2, { video: 2, audio: 0, text: 0 }) },
  ),
  'searching-met': looking(
    { likes: [], said: { near: false, languages: true }, justMet: NAME, waiting: 1, estimateMs: null },
    { stats: countsOf(2, { video: 2, audio: 0, text: 0 }) },
  ),
  'searching-text': looking({ mode: 'text' }),
  alone: looking({ waiting: 0, estimateMs: null }, { stats: countsOf(1, { video: 1, audio: 0, text: 0 }) }),
  'searching-elsewhere': looking(
    { waiting: 0, estimateMs: null },
    { stats: countsOf(9, { video: 1, audio: 1, text: 3 }) },
  ),
  paused: looking({ pausedUntil: now + 8_900 }),
  offline: looking({}, { connection: { ...away, keptUntil: now + 15_000 } }),
  found: { state: inCall(accept(false, false)) },
  accept: { state: inCall(accept(false, true)) },
  'accept-dark': { state: inCall({ ...accept(false, false), flowing: false }) },
  'accept-said': { state: inCall(accept(true, false)) },
  'accept-much': {
    state: inCall({
      ...accept(false, true),
      partner: { id: 'they', name: NAME, country: 'PT' },
      shared: {
        interests: ['film photography', 'slow cooking', 'night trains', 'birdwatching', 'board games'],
        languages: ['en', 'de', 'pt'],
      },
    }),
  },
  'accept-text': { state: inCall({ ...accept(false, false), mode: 'text' }) },
  call: { state: inCall() },
  'call-connecting': { state: inCall({ flowing: false, chat: [] }) },
  'call-dark': { state: inCall({ they: { microphone: true, camera: false, typing: false } }) },
  'call-unread': { state: inCall({ unread: 2 }) },
  unreachable: looking({}, { connection: { ...away, why: 'unreachable', keptUntil: null } }),
  'call-away': { state: inCall({ away: { until: now + 14_500, graceMs: 15_000 } }) },
  'call-in-doubt': { state: inCall({}, { isInDoubt: true }) },
  'call-lost': { state: inCall({}, { connection: { ...away, keptUntil: now + 14_000 } }) },
  'call-notice': { state: inCall({}, { notice: notice('reported', { about: { id: 'they', name: NAME } }) }) },
  'call-failed': {
    state: inCall({ chat: CHAT.map((line) => (line.id === 'e' ? { ...line, state: 'failed' } : line)) }),
  },
  'call-off': {
    state: (streams) => {
      const state = inCall()(streams);
      return { ...state, devices: { ...state.devices, camera: ready(true), microphone: ready(true) } };
    },
  },
  'call-rtl': {
    state: inCall({
      chat: [
        { id: 'a', mine: false, text: 'مرحبا! كيف حالك اليوم؟', at: today - 60_000, state: 'read' },
        { id: 'b', mine: true, text: 'Good, and you?\nשלום', at: today - 30_000, state: 'read' },
      ],
    }),
  },
  ended: ended(now + 60_000),
  'ended-restart': ended(null, {}, 'shutting_down', {
    connection: { ...away, why: 'restarting', keptUntil: null },
  }),
  'ended-unaccepted': ended(now + 60_000, accept(true, false), 'not_accepted'),
  'ended-staying': ended(null),
  'ended-text': ended(now + 60_000, { mode: 'text' }),
  voice: { state: inCall({ mode: 'audio', they: { microphone: true, camera: false, typing: false } }) },
  'voice-ended': ended(now + 60_000, { mode: 'audio' }),
  'voice-accept': { state: inCall({ ...accept(false, false), mode: 'audio' }) },
  text: { state: inCall({ mode: 'text' }) },
  'landing-account': { state: base, cast: 'account' },
  'landing-minutes': noticed(notice('plan_minutes_used', { retryAfterMs: 9 * 3_600_000 }), 'used_up'),
  'landing-plan': noticed(notice('plan_needed'), 'no_filters'),
  'landing-signed-out': noticed(notice('signed_out')),
  'landing-no-filters': { state: base, stored: WISHES, cast: 'no_filters' },
  'call-minutes': { state: inCall({}, { notice: notice('plan_minutes_low', { leftMs: 60_000 }) }) },
  'ended-blocked': ended(now + 60_000, {}, 'blocked', {
    notice: notice('blocked', { about: { id: 'they', name: NAME } }),
  }),
  'ended-plan': { ...ended(null, {}, 'plan_over'), cast: 'used_up' },
  'log-in': page('/account'),
  register: page('/account#register'),
  forgotten: page('/account#forgotten'),
  'signed-out': page('/account', 'guest', { notice: notice('signed_out') }),
  account: page('/account', 'account'),
  'account-away': page('/account', 'records_away'),
  confirm: page('/account/confirm#token=abc'),
  'confirm-old': page('/account/confirm#token=old'),
  'confirm-none': page('/account/confirm'),
  reset: page('/account/reset#token=abc'),
  'reset-old': page('/account/reset#token=old'),
  'reset-asked': page('/account/reset'),
  profile: page('/profile', 'account'),
  'profile-guest': { ...page('/profile'), stored: WISHES },
  'profile-locked': { ...page('/profile', 'no_filters'), stored: WISHES },
  blocks: page('/blocks', 'account'),
  'blocks-empty': page('/blocks', 'fresh'),
  'blocks-away': page('/blocks', 'records_away'),
  plans: page('/plans', 'account'),
  'plans-guest': page('/plans'),
  'plans-premium': page('/plans#bought', 'premium'),
  'plans-used-up': page('/plans', 'used_up'),
  'plans-unsold': page('/plans', 'unsold'),
  'plans-guest-unsold': page('/plans', 'guest_unsold'),
  privacy: page('/privacy', 'account'),
  'privacy-guest': page('/privacy'),
  unknown: page('/profiles/mira'),
  ...CLOSED,
};
