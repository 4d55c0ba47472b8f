import { commandFor, type KeyPress, type ShortcutContext } from '../../../client/src/chat/keyboard/shortcuts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  modified: false,
  repeated: false,
  typing: false,
  onControl: false,
  ...change,
});

const call = (change: Partial<ShortcutContext> = {}): ShortcutContext => ({
  screen: 'call',
  matched: false,
  mayAccept: false,
  counting: false,
  ended: false,
  layer: false,
  letters: true,
  ...change,
});

describe('C5 keys in a call', () => {
  it.each([
    ['n', 'next'],
    ['N', 'next'],
    ['m', 'mute'],
    ['v', 'camera'],
    ['c', 'chat'],
    ['f', 'full'],
    ['r', 'report'],
    ['b', 'block'],
    ['?', 'help'],
    ['Escape', 'stop_call'],
    ['x', null],
  ])('C5 %s asks for %s', (key, command) => {
    expect(commandFor(press(key), call())).toBe(command);
  });

  it('C5 single letters rest while typing, with a modifier, while held, under a sheet and when switched off', () => {
    expect(commandFor(press('n', { typing: true }), call())).toBeNull();
    expect(commandFor(press('?', { typing: true }), call())).toBeNull();
    expect(commandFor(press('n', { modified: true }), call())).toBeNull();
    expect(commandFor(press('n', { repeated: true }), call())).toBeNull();
    expect(commandFor(press('n'), call({ layer: true }))).toBeNull();
    expect(commandFor(press('n'), call({ letters: false }))).toBeNull();
    expect(commandFor(press('Escape'), call({ letters: false }))).toBe('stop_call');
  });

  it('C5 Enter says yes, unless it would press what has the focus', () => {
    const asked = call({ mayAccept: true });
    expect(commandFor(press('Enter'), asked)).toBe('accept');
    expect(commandFor(press('Enter', { onControl: true }), asked)).toBeNull();
    expect(commandFor(press('Enter'), call())).toBeNull();
  });

  it('C5 Esc leaves a field before it stops anything', () => {
    expect(commandFor(press('Escape', { typing: true, onControl: true }), call())).toBe('leave_field');
  });

  it('M8 any key stops the countdown to the next person, and N goes on at once', () => {
    const counting = call({ counting: true, ended: true });
    expect(commandFor(press('x'), counting)).toBe('stay');
    expect(commandFor(press('Tab'), counting)).toBe('stay');
    expect(commandFor(press('Escape'), counting)).toBe('stay');
    expect(commandFor(press('a', { typing: true }), counting)).toBe('stay');
    expect(commandFor(press('n'), counting)).toBe('next');
    expect(commandFor(press('Enter', { onControl: true }), counting)).toBeNull();
    expect(commandFor(press('m'), counting)).toBe('stay');
  });
});

describe('C5 keys elsewhere', () => {
  const searching = call({ screen: 'searching' });

  it('C5 Esc stops the search and letters do nothing there', () => {
    expect(commandFor(press('Escape'), searching)).toBe('stop_search');
    expect(commandFor(press('n'), searching)).toBeNull();
  });

  it('C5 a meeting can be declined or welcomed before the call is on the screen', () => {
    const meeting = call({ screen: 'searching', matched: true, mayAccept: true });
    expect(commandFor(press('n'), meeting)).toBe('next');
    expect(commandFor(press('Enter'), meeting)).toBe('accept');
    expect(commandFor(press('m'), meeting)).toBeNull();
  });

  it('C5 the landing has only the list of keys', () => {
    const landing = call({ screen: 'landing' });
    expect(commandFor(press('?'), landing)).toBe('help');
    expect(commandFor(press('Escape'), landing)).toBeNull();
    expect(commandFor(press('n'), landing)).toBeNull();
  });
});
