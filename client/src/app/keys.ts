import type { Scene } from './scene';

export type Command =
  | 'help'
  | 'next'
  | 'mute'
  | 'camera'
  | 'chat'
  | 'full'
  | 'report'
  | 'block'
  | 'accept'
  | 'stop_search'
  | 'stop_call'
  | 'leave_field'
  | 'stay';

export interface Press {
  key: string;
  /** Ctrl, Alt or Meta is held, so the key belongs to the browser. */
  modified: boolean;
  /** The key is being held down. */
  repeated: boolean;
  /** The focus is in a field that takes text. */
  typing: boolean;
  /** The focus is on something that Enter would press. */
  onControl: boolean;
}

export interface Situation {
  screen: Scene['screen'];
  meeting: boolean;
  /** They wait for this person's yes. */
  mayAccept: boolean;
  /** The call is over and the next search counts down. */
  counting: boolean;
  parted: boolean;
  /** A sheet is open; it looks after its own keys. */
  layer: boolean;
  /** Single letters are switched on. */
  letters: boolean;
}

const LETTERS: Readonly<Record<string, Command>> = {
  n: 'next',
  m: 'mute',
  v: 'camera',
  c: 'chat',
  f: 'full',
  r: 'report',
  b: 'block',
};

/** These only make sense while somebody is there. */
const WHILE_TALKING = new Set<Command>(['mute', 'camera']);

function inCall(press: Press, situation: Situation): Command | null {
  if (press.key === 'Escape') {
    if (press.typing) return 'leave_field';
    return situation.counting ? 'stay' : 'stop_call';
  }
  if (press.key === 'Enter' && situation.mayAccept && !press.onControl && !press.typing) return 'accept';
  const letter = press.typing || !situation.letters ? undefined : LETTERS[press.key.toLowerCase()];
  if (letter && !(situation.parted && WHILE_TALKING.has(letter))) return letter;
  // Whatever else is pressed says that somebody is busy here, so the countdown rests.
  return situation.counting && !press.onControl && press.key !== 'Shift' ? 'stay' : null;
}

/** What a key press asks for, or null where the page or the browser keeps it. */
export function commandFor(press: Press, situation: Situation): Command | null {
  if (press.modified || press.repeated || situation.layer) return null;
  if (press.key === '?' && !press.typing) return 'help';
  if (situation.screen === 'call') return inCall(press, situation);
  if (situation.screen !== 'searching' || press.typing) return null;
  if (press.key === 'Escape') return situation.meeting ? 'stop_call' : 'stop_search';
  if (!situation.meeting) return null;
  const command = inCall(press, situation);
  return command === 'next' || command === 'accept' ? command : null;
}
