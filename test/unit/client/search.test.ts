/// <reference lib="dom" />
import type { ErrorCode } from '../../../src/protocol';
import { RequestError, disconnected } from '../../../client/src/errors/request-error';
import { Search } from '../../../client/src/chat/engine/search';
import type { SignalingClient } from '../../../client/src/chat/engine/signaling-client';
import type { CallView, Phase } from '../../../client/src/chat/engine/state';
import { installBrowserDoubles, type BrowserDoubles } from './browser-doubles';

const WISHES = { mode: 'video' as const, interests: ['tea'] };
const call = { callId: 'one', accept: null, partner: { id: 'they', name: 'Kim' } } as CallView;

let browser: BrowserDoubles;
beforeEach(() => {
  jest.useFakeTimers();
  browser = installBrowserDoubles();
});
afterEach(() => {
  browser.restore();
  jest.useRealTimers();
});

function setUp() {
  let phase: Phase = { phase: 'idle' };
  const said: string[] = [];
  const failures: unknown[] = [];
  const answers = new Map<string, Error>();
  const line = { open: true };
  const signaling = {
    get isOpen() {
      return line.open;
    },
    request: (event: string) => {
      said.push(event);
      const error = answers.get(event);
      return error ? Promise.reject(error) : Promise.resolve({});
    },
    sendReliably: (event: string) => said.push(`reliably ${event}`),
  } as unknown as SignalingClient;
  const search = new Search(signaling, {
    phase: () => phase,
    show: (next) => (phase = next),
    requestFailed: (error) => failures.push(error),
    needDevices: () => undefined,
    endLineUse: () => said.push('quiet'),
    hasAge: () => false,
  });
  const refuse = (event: string, code: ErrorCode | 'disconnected'): void => {
    const error = code === 'disconnected' ? disconnected('away') : new RequestError({ code, message: '' });
    answers.set(event, error);
  };
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { search, said, failures, refuse, settle, answers, line, phase: () => phase };
}

const nextAtOf = (phase: Phase): number | null | undefined =>
  phase.phase === 'ended' ? phase.nextAt : undefined;

describe('M8 going on by itself', () => {
  it('M8 leaves ten seconds for the last message, a block that is taken back or a wish to stay, then looks again', () => {
    const { search, said, phase } = setUp();
    search.find(WISHES);
    search.callEnded(call, 'left');
    expect(nextAtOf(phase())).toBe(performance.now() + 10_000);
    jest.advanceTimersByTime(9999);
    expect(said.filter((event) => event === 'find_partner')).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(said.filter((event) => event === 'find_partner')).toHaveLength(2);
    expect(phase()).toMatchObject({ phase: 'searching', likes: ['tea'] });
  });

  it.each([-3_600_000, 3_600_000])(
    'M8 the clock of the device is set by %i ms: what is counted down stays what it was',
    (jump) => {
      const { search, phase } = setUp();
      search.find(WISHES);
      search.callEnded(call, 'left');
      jest.advanceTimersByTime(4_000);
      jest.setSystemTime(Date.now() + jump);
      expect((nextAtOf(phase()) ?? 0) - performance.now()).toBe(6_000);
      jest.advanceTimersByTime(6_000);
      expect(phase()).toMatchObject({
        phase: 'searching',
        since: performance.now(),
        justMet: call.partner.name,
      });
    },
  );

  it('M8 rests when the person stays, and when they stopped meanwhile', () => {
    for (const how of ['cancelAutoNext', 'abandon'] as const) {
      const { search, said } = setUp();
      search.find(WISHES);
      search.callEnded(call, 'next');
      search[how]();
      jest.advanceTimersByTime(20_000);
      expect(said.filter((event) => event === 'find_partner')).toHaveLength(1);
    }
  });

  it.each(['media_failed', 'plan_over'] as const)('M8 does not go on after %s', (reason) => {
    const { search, phase } = setUp();
    search.find(WISHES);
    search.callEnded(call, reason);
    expect(nextAtOf(phase())).toBeNull();
    jest.advanceTimersByTime(20_000);
    expect(phase().phase).toBe('ended');
  });

  it('M8 goes on after a question that was let pass, but rests after two: nobody may be sitting here', () => {
    const { search, phase } = setUp();
    const passed = { ...call, accept: { until: 0, you: false, they: true } };
    search.find(WISHES);
    search.callEnded(passed, 'not_accepted');
    expect(nextAtOf(phase())).not.toBeNull();
    search.callEnded(passed, 'not_accepted');
    expect(nextAtOf(phase())).toBeNull();
    search.callEnded({ ...call, accept: { until: 0, you: true, they: false } }, 'not_accepted');
    expect(nextAtOf(phase())).not.toBeNull();
    search.callEnded(passed, 'not_accepted');
    expect(nextAtOf(phase())).not.toBeNull();
  });

  it('G3 waits while something about the call is being written, and counts anew afterwards', () => {
    const { search, said, phase } = setUp();
    search.find(WISHES);
    search.hold('sheet', true);
    search.callEnded(call, 'next');
    jest.advanceTimersByTime(20_000);
    expect(phase()).toMatchObject({ phase: 'ended', nextAt: null, held: true });
    search.hold('sheet', false);
    expect(nextAtOf(phase())).toBe(performance.now() + 10_000);
    // Opened during the countdown, it stops it; who chose to stay here is not taken on afterwards either.
    search.hold('sheet', true);
    expect(nextAtOf(phase())).toBeNull();
    search.cancelAutoNext();
    search.hold('sheet', false);
    jest.advanceTimersByTime(20_000);
    expect(said.filter((event) => event === 'find_partner')).toHaveLength(1);
  });

  it('M8 rests while the chat is read, also when a sheet closes meanwhile', () => {
    const { search, phase } = setUp();
    search.find(WISHES);
    search.callEnded(call, 'left');
    search.hold('reading', true);
    search.hold('sheet', true);
    search.hold('sheet', false);
    expect(phase()).toMatchObject({ phase: 'ended', nextAt: null, held: true });
    search.hold('reading', false);
    expect(phase()).toMatchObject({ held: false, nextAt: performance.now() + 10_000 });
  });

  it('M8 goes on sooner after a call that never opened, since nothing of it is left to read', () => {
    const { search, phase } = setUp();
    search.find(WISHES);
    search.callEnded({ ...call, accept: { until: 0, you: true, they: false } }, 'not_accepted');
    expect(nextAtOf(phase())).toBe(performance.now() + 5000);
  });

  it('S4 waits for a connection, and after a restart for the server that comes next', () => {
    const { search, phase, line } = setUp();
    search.find(WISHES);
    line.open = false;
    search.callEnded(call, 'away');
    jest.advanceTimersByTime(20_000);
    expect(phase()).toMatchObject({ phase: 'ended', nextAt: null });
    line.open = true;
    search.onConnected();
    expect(nextAtOf(phase())).toBe(performance.now() + 10_000);
    search.callEnded(call, 'shutting_down');
    expect(nextAtOf(phase())).toBeNull();
    search.onConnected();
    expect(nextAtOf(phase())).toBe(performance.now() + 10_000);
  });
});

describe('M2 who was met', () => {
  it('M2 is named in the next search for half an hour, unless they were blocked', () => {
    const { search, phase } = setUp();
    search.find(WISHES);
    expect(phase()).toMatchObject({ justMet: null });
    search.skip(call);
    expect(phase()).toMatchObject({ phase: 'searching', justMet: 'Kim' });
    jest.advanceTimersByTime(30 * 60_000);
    search.again();
    expect(phase()).toMatchObject({ justMet: null });
    search.callEnded(call, 'blocked');
    search.again();
    expect(phase()).toMatchObject({ justMet: null });
  });

  it('M4 says with what the circles are drawn', () => {
    const { search, phase } = setUp();
    search.find(WISHES);
    expect(phase()).toMatchObject({ said: { near: false, languages: false } });
    search.find({ ...WISHES, country: 'AT', languages: ['de'] });
    expect(phase()).toMatchObject({ said: { near: true, languages: true } });
  });
});

describe('M1 a search', () => {
  it('C3 that is refused is over, with the reason; M10 one without a connection waits for it', async () => {
    const { search, refuse, failures, settle, phase } = setUp();
    refuse('find_partner', 'plan_minutes_used');
    search.find(WISHES);
    await settle();
    expect([phase().phase, failures.length]).toEqual(['idle', 1]);
    refuse('find_partner', 'disconnected');
    search.find(WISHES);
    await settle();
    expect([phase().phase, failures.length]).toEqual(['searching', 1]);
  });

  it('S4 goes on after a reload with the wishes this tab remembers, A2 but not for somebody else', () => {
    setUp().search.find(WISHES);
    const reloaded = setUp();
    reloaded.search.again();
    expect(reloaded.said).toEqual(['find_partner']);
    reloaded.search.forget();
    reloaded.search.again();
    expect(reloaded.said).toEqual(['find_partner']);
    expect(browser.stored.size).toBe(0);
    expect(reloaded.search.isWanted).toBe(false);
  });

  it('S4 a stop or a next without a connection is sent later', async () => {
    const { search, said, answers, refuse, settle } = setUp();
    search.find(WISHES);
    refuse('cancel_search', 'disconnected');
    refuse('next_partner', 'disconnected');
    search.skip(call);
    search.cancel();
    await settle();
    expect(said).toContain('reliably next_partner');
    answers.clear();
    said.length = 0;
    search.onConnected();
    search.onConnected();
    expect(said).toEqual(['cancel_search']);
  });

  it('S4 M6 who stopped and searched again without a connection is in the queue, though the server has the first search', async () => {
    const { search, said, answers, refuse, settle } = setUp();
    search.find(WISHES);
    refuse('cancel_search', 'disconnected');
    refuse('find_partner', 'disconnected');
    search.cancel();
    search.find({ mode: 'text' });
    await settle();
    answers.clear();
    said.length = 0;
    search.compare({ state: 'searching', callId: null }, undefined);
    search.onConnected();
    expect(said).toEqual(['cancel_search', 'find_partner']);
  });

  it('S4 C2 a call that the ended search has found is left, and not taken for one of the new search', async () => {
    const { search, said, answers, refuse, settle } = setUp();
    search.find(WISHES);
    refuse('cancel_search', 'disconnected');
    refuse('find_partner', 'disconnected');
    search.cancel();
    search.find({ mode: 'text' });
    await settle();
    answers.clear();
    said.length = 0;
    expect(search.compare({ state: 'call', callId: 'two' }, 'one')).toBe('two');
    expect(said).toEqual(['reliably leave_room', 'find_partner']);
  });

  it('M8 a next that came too late still looks for the next one', async () => {
    const { search, said, refuse, settle } = setUp();
    search.find(WISHES);
    refuse('next_partner', 'stale_call');
    search.skip(call);
    await settle();
    expect(said.filter((event) => event === 'find_partner')).toHaveLength(2);
  });

  it('M8 a next that came too late is not asked for again where the server has begun it by itself', async () => {
    const { search, said, refuse, settle } = setUp();
    search.find(WISHES);
    refuse('next_partner', 'stale_call');
    search.skip(call);
    search.waiting({
      mode: 'video',
      pauseMs: 0,
      waitedMs: 1_000,
      step: 0,
      steps: [],
      estimateMs: null,
      waiting: 1,
      held: false,
    });
    await settle();
    expect(said.filter((event) => event === 'find_partner')).toHaveLength(1);
  });

  const inCall = { state: 'call', callId: 'one' } as const;

  it('S4 a search that could not be told of is begun again, though the server still has the call before it', async () => {
    const { search, said, answers, refuse, settle } = setUp();
    refuse('find_partner', 'disconnected');
    search.find(WISHES);
    await settle();
    answers.clear();
    search.compare(inCall, 'one');
    await settle();
    expect(said).toEqual(['find_partner', 'find_partner']);
  });

  it('S4 a next whose node died after its answer is asked for again where the next node still has the call', async () => {
    const { search, said, settle } = setUp();
    search.find(WISHES);
    search.skip(call);
    await settle();
    said.length = 0;
    search.compare(inCall, 'one');
    await settle();
    expect(said).toEqual(['next_partner']);
  });

  it('S4 a next that could not be sent is sent once: what is sent reliably is not asked for again', async () => {
    const { search, said, answers, refuse, settle } = setUp();
    search.find(WISHES);
    refuse('next_partner', 'disconnected');
    search.skip(call);
    await settle();
    answers.clear();
    expect(said.filter((event) => event === 'reliably next_partner')).toHaveLength(1);
    said.length = 0;
    search.compare(inCall, 'one');
    search.onConnected();
    await settle();
    expect(said).toEqual([]);
    search.compare(inCall, 'one');
    expect(said).toEqual(['next_partner']);
  });

  it('S4 a search that the server knows, or a new call, is left as it is; one that it does not know begins again', () => {
    const { search, said } = setUp();
    search.find(WISHES);
    search.compare({ state: 'searching', callId: null }, 'one');
    search.compare({ state: 'call', callId: 'two' }, 'one');
    expect(said).toEqual(['find_partner']);
    search.compare({ state: 'idle', callId: null }, undefined);
    expect(said).toEqual(['find_partner', 'find_partner']);
  });

  it('M6 what the server says of a search that was left is not shown', () => {
    const { search, phase } = setUp();
    search.find(WISHES);
    search.cancel();
    const news = {
      mode: 'video' as const,
      pauseMs: 0,
      waitedMs: 5,
      step: 0,
      steps: [],
      estimateMs: 1,
      waiting: 2,
      held: false,
    };
    search.waiting(news);
    expect(phase().phase).toBe('idle');
    search.resume();
    search.waiting({ ...news, pauseMs: 8000 });
    expect(phase()).toMatchObject({ phase: 'searching', pausedUntil: performance.now() + 8000, waiting: 2 });
  });
});
