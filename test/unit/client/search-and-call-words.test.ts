/// <reference lib="dom" />
import { circleKey, widensIn } from '../../../client/src/chat/searching/search-steps';
import { callHeading } from '../../../client/src/chat/messages/call-messages';
import { isReportOf } from '../../../client/src/chat/notices/notice-messages';
import type { CallView, Phase } from '../../../client/src/chat/engine/state';
import { en } from '../../../client/src/chat/words/en';
import { makeWords } from '../../../client/src/ui/words/words';

const words = makeWords('en', 'ltr', en);

type Searching = Extract<Phase, { phase: 'searching' }>;
const searching = (change: Partial<Searching>): Searching => ({
  ...{ phase: 'searching', mode: 'video', likes: ['chess'], said: { near: true, languages: true } },
  ...{ justMet: null, since: 0, pausedUntil: null, step: 0, estimateMs: null, waiting: 1, held: false },
  steps: [
    { circle: 'interest', afterMs: 0 },
    { circle: 'near', afterMs: 10_000 },
    { circle: 'anyone', afterMs: 30_000 },
  ],
  ...change,
});

const CALL = { callId: 'call', partner: { id: 'they', name: 'CalmHeron4821' } } as CallView;

describe('M4 why a search waits', () => {
  it('M4 a step says that it asks for a shared language, where that is why nobody comes', () => {
    const said = { near: false, languages: true };
    expect(circleKey('plain', said)).toBe('circle.plain.language');
    expect(circleKey('interest', said)).toBe('circle.interest.language');
    expect(circleKey('language', said)).toBe('circle.language');
    expect(circleKey('anyone', said)).toBe('circle.anyone');
    expect(circleKey('plain', { near: false, languages: false })).toBe('circle.plain');
    expect(circleKey('interest', null)).toBe('circle.interest');
  });

  it('M4 says when the search widens while the few who wait do not fit', () => {
    expect(widensIn(searching({ waiting: 1 }), 4_000)).toBe(6_000);
    expect(widensIn(searching({ waiting: 1, step: 1 }), 12_000)).toBe(18_000);
    expect(widensIn(searching({ waiting: 1, pausedUntil: 5_000 }), 8_000)).toBe(7_000);
    // Whoever has just come is being matched; a crowd, nobody, and the last step need no such words.
    expect(widensIn(searching({ waiting: 1 }), 500)).toBeNull();
    expect(widensIn(searching({ waiting: 40 }), 4_000)).toBeNull();
    expect(widensIn(searching({ waiting: 0 }), 4_000)).toBeNull();
    expect(widensIn(searching({ waiting: 1, step: 2 }), 31_000)).toBeNull();
  });
});

describe('C5 what is said of a call', () => {
  it('C5 nobody is talked with in a call that is over', () => {
    expect(words.fill(callHeading(false, false), { name: 'Kim' })).toBe('Talking with Kim');
    expect(words.fill(callHeading(false, true), { name: 'Kim' })).not.toContain('Talking');
    expect(callHeading(true, false)).toBe('accept.heading');
  });

  it('G2 the thanks for a report offer to block only the one whom it is about', () => {
    const notice = { serial: 1, code: 'reported', at: 0, saidAt: 0 } as const;
    const about = { id: 'they', name: 'CalmHeron4821' };
    expect(isReportOf({ ...notice, about }, CALL)).toBe(true);
    expect(isReportOf({ ...notice, about: { id: 'before', name: 'Kim' } }, CALL)).toBe(false);
    expect(isReportOf(notice, CALL)).toBe(false);
    expect(isReportOf({ ...notice, code: 'blocked', about }, CALL)).toBe(false);
  });
});
