/// <reference lib="dom" />
import type { Stats } from '../../../src/protocol';
import { loudness, readinessOf } from '../../../client/src/chat/devices/readiness';
import { formatDuration } from '../../../client/src/ui/time/duration';
import { modeOffers, othersOnline } from '../../../client/src/chat/searching/mode-offers';
import { shownSteps, stepRows } from '../../../client/src/chat/searching/search-steps';
import { groupMessages } from '../../../client/src/chat/call/message-groups';
import { readPreferences, themeAfter } from '../../../client/src/ui/preferences/preferences';
import { screenFor } from '../../../client/src/chat/screens/app-screen';
import { acceptOpens, sharedMessage } from '../../../client/src/chat/messages/shared-interests';
import { reconnectingMessage, callEndMessage } from '../../../client/src/chat/messages/call-messages';
import { noticeMessage } from '../../../client/src/chat/notices/notice-messages';
import { searchHeading } from '../../../client/src/chat/searching/search-heading';
import { documentTitle } from '../../../client/src/chat/tab/document-title';
import { statusMessage } from '../../../client/src/chat/live-region/status-message';
import type { CallView, ChatLine, EngineState, Phase } from '../../../client/src/chat/engine/state';
import { en } from '../../../client/src/chat/words/en';
import { makeWords } from '../../../client/src/ui/words/words';

const words = makeWords('en', 'ltr', en);

const READY = { state: 'ready', off: false, deviceId: 'one' } as const;

const STEPS = [
  { circle: 'interest', afterMs: 0 },
  { circle: 'near', afterMs: 10_000 },
  { circle: 'anyone', afterMs: 30_000 },
] as const;

const countsOf = (online: number, searchingBy: Stats['searchingBy']): Stats => ({
  total: online,
  online,
  searching: searchingBy.video + searchingBy.audio + searchingBy.text,
  searchingBy,
  connected: 0,
});

const SPEAKERS = { speakers: [], speaker: '' };

const state = (change: Partial<EngineState> = {}): EngineState => ({
  connection: { state: 'open' },
  me: null,
  stats: countsOf(9, { video: 3, audio: 0, text: 0 }),
  devices: { camera: READY, microphone: READY, stream: null, cameras: [], microphones: [], ...SPEAKERS },
  phase: { phase: 'idle' },
  isInDoubt: false,
  notice: null,
  ...change,
});

type Searching = Extract<Phase, { phase: 'searching' }>;
const searching = (change: Partial<Searching> = {}): Searching => ({
  phase: 'searching',
  mode: 'video',
  likes: ['chess', 'tea'],
  said: { near: true, languages: true },
  justMet: null,
  since: 0,
  pausedUntil: null,
  step: 0,
  steps: STEPS,
  estimateMs: null,
  waiting: 3,
  held: false,
  ...change,
});

const call = (change: Partial<CallView> = {}): CallView => ({
  callId: 'call',
  mode: 'video',
  partner: { id: 'they', name: 'CalmHeron4821' },
  shared: { interests: ['tea'], languages: ['en'] },
  startedAt: 0,
  accept: null,
  remote: {} as MediaStream,
  flowing: true,
  they: { microphone: true, camera: true, typing: false },
  away: null,
  chat: [],
  unread: 0,
  ...change,
});

describe('C3 what is on the screen', () => {
  const intent = { wishes: { mode: 'video' as const }, withoutMicrophone: false, sent: false };
  const withCamera = (camera: EngineState['devices']['camera']): EngineState =>
    state({ devices: { ...state().devices, camera } });

  it('C3 follows the phase', () => {
    expect(screenFor(state(), null, null)).toEqual({ screen: 'landing' });
    expect(screenFor(state({ phase: searching() }), null, null)).toMatchObject({ view: { is: 'looking' } });
    expect(screenFor(state({ phase: { phase: 'call', call: call() } }), null, null)).toEqual({
      screen: 'call',
    });
    const ended = { phase: 'ended', call: call(), reason: 'next', nextAt: null, held: false } as const;
    expect(screenFor(state({ phase: ended }), null, null)).toEqual({ screen: 'call' });
  });

  it('C2 shows the two windows meeting before the call', () => {
    const found = state({ phase: { phase: 'call', call: call() } });
    expect(screenFor(found, null, 'call')).toMatchObject({ view: { is: 'matched' } });
    expect(screenFor(found, null, 'another')).toEqual({ screen: 'call' });
  });

  it('C3 shows why a device cannot be had, and the browser’s question', () => {
    const denied = withCamera({ state: 'faulty', fault: 'denied' });
    expect(screenFor(denied, intent, null)).toMatchObject({
      view: { is: 'faulty', readiness: { kind: 'camera', fault: 'denied' } },
    });
    expect(screenFor(denied, null, null)).toEqual({ screen: 'landing' });
    expect(screenFor(withCamera({ state: 'asking' }), intent, null)).toMatchObject({
      view: { is: 'asking' },
    });
    expect(screenFor(state(), { ...intent, sent: true }, null)).toMatchObject({ view: { is: 'connecting' } });
  });

  it('M10 says that nobody else is here only when the server has said so', () => {
    const one = countsOf(1, { video: 1, audio: 0, text: 0 });
    const alone = searching({ waiting: 0 });
    expect(screenFor(state({ phase: alone, stats: one }), null, null)).toMatchObject({
      view: { is: 'alone' },
    });
    const unknown = searching({ waiting: 0, steps: [] });
    expect(screenFor(state({ phase: unknown, stats: one }), null, null)).toMatchObject({
      view: { is: 'looking' },
    });
    expect(screenFor(state({ phase: alone }), null, null)).toMatchObject({ view: { is: 'looking' } });
  });

  it('M10 counts nobody as their own company', () => {
    expect(othersOnline(null)).toBeNull();
    expect(
      [0, 1, 2].map((online) => othersOnline(countsOf(online, { video: 0, audio: 0, text: 0 }))),
    ).toEqual([0, 0, 1]);
  });

  it('M10 offers the modes in which people wait, but only while nobody else waits in the own one', () => {
    const elsewhere = countsOf(9, { video: 1, audio: 1, text: 3 });
    const alone = searching({ waiting: 0 });
    expect(modeOffers(alone, elsewhere)).toEqual([
      { mode: 'text', waiting: 3 },
      { mode: 'audio', waiting: 1 },
    ]);
    expect(modeOffers(alone, countsOf(5, { video: 1, audio: 0, text: 0 }))).toEqual([]);
    expect(modeOffers(searching({ waiting: 1 }), elsewhere)).toEqual([]);
    // Before the first message of the server it is not known whether anybody waits.
    expect(modeOffers(searching({ waiting: 0, steps: [] }), elsewhere)).toEqual([]);
    expect(modeOffers(alone, null)).toEqual([]);
  });

  it('S4 keeps the place while the connection is away, and C3 leaves everything for a closed line', () => {
    const away = {
      state: 'reconnecting',
      why: 'dropped',
      since: 5,
      keptUntil: 15_005,
      nextTryAt: 9,
    } as const;
    expect(screenFor(state({ phase: searching(), connection: away }), null, null)).toMatchObject({
      view: { is: 'offline', why: 'dropped', keptUntil: 15_005 },
    });
    // Asked for while nobody was there: no place has been taken that could be kept.
    expect(screenFor(state({ phase: searching({ since: 6 }), connection: away }), null, null)).toMatchObject({
      view: { is: 'offline', keptUntil: null },
    });
    expect(
      screenFor(state({ phase: { phase: 'call', call: call() }, connection: away }), null, null),
    ).toEqual({
      screen: 'call',
    });
    const full = { state: 'closed', reason: 'full' } as const;
    expect(screenFor(state({ phase: searching(), connection: full }), null, null)).toEqual({
      screen: 'disconnected',
      reason: 'full',
    });
  });
});

describe('C2 devices', () => {
  it('C2 are ready when what the mode needs is ready', () => {
    const { devices } = state();
    expect(readinessOf('video', devices)).toEqual({ is: 'ready' });
    const silent = { ...devices, microphone: { state: 'faulty', fault: 'missing' } as const };
    expect(readinessOf('video', silent)).toEqual({ is: 'faulty', kind: 'microphone', fault: 'missing' });
    expect(readinessOf('video', silent, true)).toEqual({ is: 'ready' });
    expect(readinessOf('audio', silent)).toMatchObject({ is: 'faulty' });
    expect(readinessOf('text', silent)).toEqual({ is: 'ready' });
    expect(readinessOf('video', { ...devices, camera: { state: 'unasked' } })).toEqual({ is: 'unasked' });
    expect(readinessOf('audio', { ...devices, camera: { state: 'unasked' } })).toEqual({ is: 'ready' });
  });

  it('C5 say in a word how loud somebody is', () => {
    expect([0, 0.05, 0.4, 0.95].map(loudness)).toEqual(['silent', 'quiet', 'good', 'loud']);
  });
});

describe('M4 the search steps', () => {
  it('M4 shows the present step with its time and the others with theirs', () => {
    expect(stepRows(STEPS, 1, 12_000)).toEqual([
      { circle: 'interest', state: 'done', ms: 0 },
      { circle: 'near', state: 'now', ms: 12_000 },
      { circle: 'anyone', state: 'later', ms: 30_000 },
    ]);
    expect(stepRows(STEPS, 0, -3)[0]?.ms).toBe(0);
    expect(stepRows([], 0, 0)).toEqual([]);
  });

  it('M4 leaves out what changes nothing for this person, and says whom a search without interests finds', () => {
    const all = [...STEPS.slice(0, 2), { circle: 'language', afterMs: 20_000 } as const, STEPS[2]];
    const circles = (change: Partial<Searching>): string[] =>
      shownSteps(searching({ steps: all, ...change })).steps.map(({ circle }) => circle);
    expect(circles({})).toEqual(['interest', 'near', 'language', 'anyone']);
    expect(circles({ likes: [], said: { near: false, languages: true } })).toEqual([
      'plain',
      'language',
      'anyone',
    ]);
    expect(circles({ said: { near: false, languages: false } })).toEqual(['interest', 'anyone']);
    expect(circles({ likes: [], said: null })).toEqual(['interest', 'near', 'language', 'anyone']);
    const quiet = { steps: all, said: { near: false, languages: true } };
    expect([0, 1, 2, 3].map((step) => shownSteps(searching({ ...quiet, step })).step)).toEqual([0, 0, 1, 2]);
    expect(searchHeading(searching({ ...quiet, step: 1 }), words)).toBe(
      'Looking for someone who likes chess or tea',
    );
  });

  it('M4 says in the heading whom we look for', () => {
    expect(searchHeading(searching(), words)).toBe('Looking for someone who likes chess or tea');
    expect(searchHeading(searching({ likes: [] }), words)).toBe('Looking for someone');
    expect(searchHeading(searching({ step: 1 }), words)).toBe('Now looking for someone near you or your age');
  });
});

describe('C5 what is said', () => {
  it('C5 the title of the tab says the state', () => {
    const title = (change: Partial<EngineState>): string => {
      const now = state(change);
      return documentTitle(screenFor(now, null, null), now, words);
    };
    expect(title({})).toBe('Passerby: Someone is passing by');
    expect(title({ phase: searching() })).toBe('Looking… · Passerby');
    expect(title({ phase: { phase: 'call', call: call() } })).toBe('CalmHeron4821 is here · Passerby');
    expect(title({ phase: { phase: 'call', call: call({ unread: 1 }) } })).toBe(
      'Message from CalmHeron4821 · Passerby',
    );
    expect(documentTitle({ screen: 'page', route: 'plans' }, state(), words)).toBe('Plans · Passerby');
    expect(title({ connection: { state: 'closed', reason: 'full' } })).toBe(
      'We are full right now · Passerby',
    );
  });

  it('C5 the status speaks of steps and of their state, never of counts', () => {
    const spoken = (change: Partial<EngineState>): string => {
      const now = state(change);
      return statusMessage(screenFor(now, null, null), now, words);
    };
    expect(spoken({ phase: searching() })).toBe('Looking for someone who likes chess or tea');
    const dark = call({ they: { microphone: false, camera: false, typing: false } });
    expect(spoken({ phase: { phase: 'call', call: dark } })).toBe(
      'Their microphone is off Their camera is off',
    );
    const asked = call({ accept: { until: 1, you: false, they: true } });
    expect(spoken({ phase: { phase: 'call', call: asked } })).toBe('They said yes.');
    expect(
      spoken({ phase: { phase: 'ended', call: call(), reason: 'next', nextAt: null, held: false } }),
    ).toBe('CalmHeron4821 moved on');
  });

  it('S4 says for how long their place is held, as the server said it', () => {
    const now = state({ phase: { phase: 'call', call: call({ away: { until: 9_000, graceMs: 4_000 } }) } });
    expect(statusMessage(screenFor(now, null, null), now, words)).toBe(
      'CalmHeron4821 lost the connection. We hold their place for 4 s.',
    );
  });

  it('S4 tells a restart, an unreachable server and an offline machine apart', () => {
    const line = (why: 'offline' | 'restarting' | 'unreachable', keptUntil: number | null): string =>
      reconnectingMessage({ state: 'reconnecting', why, since: 0, keptUntil, nextTryAt: 0 }, 3_000, words);
    expect(line('offline', 15_000)).toBe(
      'You are offline. If you are back within 12 s, this call continues.',
    );
    expect(line('unreachable', 3_000)).toBe('We cannot reach the server.');
    expect(line('restarting', null)).toBe('The server is restarting.');
  });

  it('C2 says whose yes was missing', () => {
    const end = (you: boolean, they: boolean): string => {
      const asked = call({ accept: { until: 0, you, they } });
      return callEndMessage(
        { phase: 'ended', call: asked, reason: 'not_accepted', nextAt: null, held: false },
        words,
      );
    };
    expect(end(true, false)).toBe('CalmHeron4821 did not say yes in time');
    expect(end(false, true)).toBe('CalmHeron4821 said yes, but your time ran out');
    expect(end(false, false)).toBe('Neither of you said yes in time');
  });

  it('C3 a notice says what happened and when to go on', () => {
    expect(noticeMessage({ serial: 1, code: 'reported', at: 0, saidAt: 0 }, words)).toBe(
      'Thank you. Your report has been saved.',
    );
    expect(
      noticeMessage({ serial: 1, code: 'rate_limited', at: 0, saidAt: 0, retryAfterMs: 3000 }, words),
    ).toBe('That was too much at once. Wait a moment. Try again in 3 s.');
  });

  it('P1 says when minutes end, and when more come, without counting down', () => {
    const low = { serial: 1, code: 'plan_minutes_low', at: 5_000_000, saidAt: 1000, leftMs: 60_000 } as const;
    expect(noticeMessage(low, words)).toBe('Your minutes run out in 1 min');
    expect(noticeMessage({ ...low, leftMs: 61_000 }, words)).toBe('Your minutes run out in 2 min');
    expect(noticeMessage(low, words, 100_000)).toBe('Your minutes run out in 1 min');
    const used = {
      serial: 1,
      code: 'plan_minutes_used',
      at: Date.UTC(2027, 2, 11, 12),
      saidAt: 0,
      retryAfterMs: 86_400_000,
    };
    expect(noticeMessage({ ...used, code: 'plan_minutes_used' }, words)).toMatch(
      /^You have used up your minutes\. You get new minutes on March 12/,
    );
  });

  it('C2 the question says what both share and what opens', () => {
    expect(sharedMessage(call(), words)).toBe('You both like tea and speak English.');
    expect(en[acceptOpens(call())]).toBe('Video, sound and chat start once you both say yes.');
    const nothing = call({ mode: 'text', shared: { interests: [], languages: [] } });
    expect(sharedMessage(nothing, words)).toBeNull();
    expect(en[acceptOpens(nothing)]).toBe('The chat starts once you both say yes.');
  });
});

describe('S8 the chat', () => {
  const line = (id: string, mine: boolean, at: number, read: ChatLine['state'] = 'read'): ChatLine => ({
    id,
    mine,
    text: id,
    at,
    state: read,
  });

  it('S8 prints one time under what one person wrote within a minute', () => {
    const shown = groupMessages([
      line('a', false, 0),
      line('b', false, 30_000),
      line('c', true, 40_000),
      line('d', true, 50_000, 'sent'),
      line('e', true, 200_000, 'sent'),
    ]);
    expect(shown.filter(({ last }) => last).map(({ line: { id } }) => id)).toEqual(['b', 'c', 'd', 'e']);
  });
});

describe('C1 small things', () => {
  it('C1 a clock', () => {
    expect([0, 9_999, 252_000, 3_852_000].map(formatDuration)).toEqual(['0:00', '0:09', '4:12', '1:04:12']);
  });

  it('C1 preferences survive, and odd ones fall back', () => {
    const stored = '{"theme":"dark","language":"de","letters":false,"notify":true,"sounds":false}';
    expect(readPreferences(stored)).toEqual({
      theme: 'dark',
      language: 'de',
      letters: false,
      notify: true,
      sounds: false,
      showCountry: false,
    });
    expect(readPreferences('{"showCountry":true}').showCountry).toBe(true);
    expect(readPreferences('{"showCountry":"yes"}').showCountry).toBe(false);
    const fallback = {
      theme: 'system',
      language: null,
      letters: true,
      notify: false,
      sounds: true,
      showCountry: false,
    };
    expect(readPreferences(null)).toEqual(fallback);
    expect(readPreferences('{"theme":"pink","language":3}')).toEqual(fallback);
    expect(readPreferences('broken')).toEqual(fallback);
    expect(themeAfter(themeAfter(themeAfter('system')))).toBe('system');
  });
});
