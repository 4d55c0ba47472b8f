import type { AppScreen } from '../screens/app-screen';

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

export interface KeyPress {
  key: string;
  /** Ctrl, Alt or Meta is pressed, so the shortcut belongs to the browser. */
  modified: boolean;
  /** The event repeats because the key is held down. */
  repeated: boolean;
  /** The focus is in a text field. */
  typing: boolean;
  /** The focus is on a control that Enter activates. */
  onControl: boolean;
}

export interface ShortcutContext {
  screen: AppScreen['screen'];
  matched: boolean;
  /** The user has not accepted the partner yet. */
  mayAccept: boolean;
  /** The call is over and the next search counts down. */
  counting: boolean;
  ended: boolean;
  /** A sheet is open and handles its own keys. */
  layer: boolean;
  /** Shortcuts of single letters are enabled. */
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

/** Commands that make sense only while the call goes on. */
const WHILE_TALKING = new Set<Command>(['mute', 'camera']);

function inCall(press: KeyPress, situation: ShortcutContext): Command | null {
  if (press.key === 'Escape') {
    if (press.typing) return 'leave_field';
    return situation.counting ? 'stay' : 'stop_call';
  }
  if (press.key === 'Enter' && situation.mayAccept && !press.onControl && !press.typing) return 'accept';
  const letter = press.typing || !situation.letters ? undefined : LETTERS[press.key.toLowerCase()];
  if (letter && !(situation.ended && WHILE_TALKING.has(letter))) return letter;
  // Any other key shows that the user is busy here, so it stops the countdown.
  return situation.counting && !press.onControl && press.key !== 'Shift' ? 'stay' : null;
}

/** The command for a key press, or null where the page or the browser handles the key. */
export function commandFor(press: KeyPress, situation: ShortcutContext): Command | null {
  if (press.modified || press.repeated || situation.layer) return null;
  if (press.key === '?' && !press.typing) return 'help';
  if (situation.screen === 'call') return inCall(press, situation);
  if (situation.screen !== 'searching' || press.typing) return null;
  if (press.key === 'Escape') return situation.matched ? 'stop_call' : 'stop_search';
  if (!situation.matched) return null;
  const command = inCall(press, situation);
  return command === 'next' || command === 'accept' ? command : null;
}
