import { FREE, PREMIUM, planStateOf } from '../../../client/gallery/fake-users';
import {
  isWebAddress,
  leftLine,
  mayCancel,
  minutesLine,
  offerOf,
  planName,
  priceLine,
  statusLine,
  usedLine,
} from '../../../client/src/chat/pages/plans/plan-lines';
import { de } from '../../../client/src/chat/words/de';
import { en } from '../../../client/src/chat/words/en';
import { makeWords } from '../../../client/src/ui/words/words';

const words = makeWords('en-GB', 'ltr', en);
const END = Date.UTC(2027, 2, 12, 12);

describe('P1 a plan in words', () => {
  it('P1 says what is left, and when more comes', () => {
    expect(leftLine(planStateOf(FREE), words)).toBe('3 h 12 min left');
    expect(leftLine(planStateOf(FREE, { leftMs: 20_000 }), words)).toBe('1 min left');
    expect(leftLine(planStateOf(PREMIUM), words)).toBe('Unlimited minutes');
    expect(leftLine(planStateOf(FREE, { leftMs: 0, renewsAt: END }), words)).toMatch(
      /^No minutes left\. You get new minutes on 12 March/,
    );
    expect(usedLine(48 * 60_000, 240, words)).toBe('48 min of 4 h used');
    expect(usedLine(60_000, null, words)).toBe('1 min used');
  });

  it('P1 writes what is used, what is left and what a plan has so that they add up', () => {
    const used = 2.5 * 60_000;
    expect(usedLine(used, 240, words)).toBe('3 min of 4 h used');
    expect(leftLine(planStateOf(FREE, { leftMs: 240 * 60_000 - used }), words)).toBe('3 h 57 min left');
    expect([minutesLine(240, words), minutesLine(3000, words)]).toEqual(['4 h', '50 h']);
  });

  it('P1 names the base plan in the language of the page, unless it was given a name', () => {
    const german = makeWords('de', 'ltr', de);
    expect(planName(FREE, german)).toBe('Gratis');
    expect(planName({ ...FREE, name: 'Open' }, german)).toBe('Open');
    expect(planName(PREMIUM, german)).toBe(PREMIUM.name);
  });

  it('P1 says how it goes on', () => {
    const bought = { periodEndsAt: END };
    expect(statusLine(planStateOf(FREE), words)).toBeNull();
    expect(statusLine(planStateOf(PREMIUM, bought), words)).toBe('Renewed on 12 March 2027');
    expect(statusLine(planStateOf(PREMIUM, { ...bought, endsThen: true }), words)).toBe(
      'Ends on 12 March 2027',
    );
    expect(statusLine(planStateOf(PREMIUM, { ...bought, status: 'trialing', endsThen: true }), words)).toBe(
      'Trial, ends on 12 March 2027',
    );
    expect(statusLine(planStateOf(FREE, { status: 'expired' }), words)).toBe('Your previous plan has ended');
    expect(statusLine(planStateOf(PREMIUM), words)).toBe('No end date');
  });

  it('P1 writes prices as people do', () => {
    expect([priceLine(FREE, true, words), priceLine(PREMIUM, true, words)]).toEqual([
      'Free',
      '€7.99 a month',
    ]);
    expect(priceLine(PREMIUM, false, words)).toBe('Not sold here');
    expect(words.price(1200, 'jpy')).toBe('JP¥1,200');
  });

  it('P1 offers only what the server would take', () => {
    expect(offerOf(PREMIUM, planStateOf(FREE), true)).toEqual({ trial: true, buy: true });
    expect(offerOf(PREMIUM, planStateOf(FREE, { mayTry: false }), false)).toEqual({
      trial: false,
      buy: false,
    });
    expect(offerOf(FREE, planStateOf(PREMIUM), true)).toEqual({ trial: false, buy: false });
    expect(offerOf(PREMIUM, planStateOf(PREMIUM), true)).toEqual({ trial: false, buy: false });
    const onTrial = planStateOf(PREMIUM, { status: 'trialing', mayTry: false, endsThen: true });
    expect(offerOf(PREMIUM, onTrial, true)).toEqual({ trial: false, buy: true });
    const bought = planStateOf(PREMIUM, { periodEndsAt: END, mayTry: false });
    expect(mayCancel(bought)).toBe('cancel');
    expect(mayCancel({ ...bought, endsThen: true })).toBe('resume');
    expect([mayCancel(onTrial), mayCancel(planStateOf(FREE))]).toEqual([null, null]);
  });

  it('P2 goes to pages of the web and nowhere else', () => {
    expect(isWebAddress('https://checkout.example.org/pay')).toBe(true);
    expect(['javascript:alert(1)', 'data:text/html,x', 'no address'].map(isWebAddress)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
