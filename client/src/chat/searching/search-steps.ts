import type { Circle } from '../../../../src/protocol';
import type { Phase } from '../engine/state';
import type { PlainKey } from '../words';

type Searching = Extract<Phase, { phase: 'searching' }>;

/**
 * A circle as shown to one user. `plain`: a user without interests is first matched with others without interests.
 */
export type ShownCircle = Circle | 'plain';

export interface Step {
  circle: ShownCircle;
  afterMs: number;
}

export interface StepRow {
  circle: ShownCircle;
  state: 'done' | 'now' | 'later';
  /** For the current step the time that has passed in ms, for other steps when they begin. */
  ms: number;
}

/** Whether a step reaches more people than the steps before it, given what the user has said about themselves. */
function widens(circle: Circle, { said }: Searching): boolean {
  if (said === null) return true;
  // Location and age are compared only where they are known.
  if (circle === 'near') return said.near;
  // A user without languages counts as speaking all of them, so this search reaches everyone one step earlier.
  return circle !== 'anyone' || said.languages;
}

function nameOf(circle: Circle, { likes, said }: Searching): ShownCircle {
  if (circle === 'interest' && likes.length === 0 && said !== null) return 'plain';
  return circle === 'language' && said?.languages === false ? 'anyone' : circle;
}

/** The steps of the search as shown to the user. Steps that change nothing for this user are left out. */
export function shownSteps(phase: Searching): { steps: readonly Step[]; step: number } {
  const { steps: all, step: present } = phase;
  const steps: Step[] = [];
  let step = 0;
  all.forEach(({ circle, afterMs }, index) => {
    if (index > 0 && !widens(circle, phase)) return;
    if (index <= present) step = steps.length;
    steps.push({ circle: nameOf(circle, phase), afterMs });
  });
  return { steps, step };
}

/** The rows of the list of search steps. */
export function stepRows(steps: readonly Step[], step: number, elapsedMs: number): StepRow[] {
  return steps.map(({ circle, afterMs }, index) => {
    if (index < step) return { circle, state: 'done', ms: afterMs };
    if (index === step) return { circle, state: 'now', ms: Math.max(0, elapsedMs) };
    return { circle, state: 'later', ms: afterMs };
  });
}

/**
 * What a step asks for, in words. All steps but the last ask for a shared language too, where both have said which they
 * speak: without that, "lists no interests either" would contradict a wait for somebody who lists none.
 */
export function circleKey(circle: ShownCircle, said: Searching['said']): PlainKey {
  if (said?.languages !== true || circle === 'language' || circle === 'anyone') return `circle.${circle}`;
  return `circle.${circle}.language`;
}

/** With more people than this, whoever waits and does not fit is no surprise. */
const FEW = 3;
/** A match takes a moment. */
const SOON_MS = 2_000;

/** In how many ms the search widens, where a few people wait and none of them fits the present step; else null. */
export function widensIn(phase: Searching, now: number): number | null {
  const { steps, step } = shownSteps(phase);
  const next = steps[step + 1];
  const elapsed = now - Math.max(phase.since, phase.pausedUntil ?? 0);
  if (next === undefined || phase.waiting === 0 || phase.waiting > FEW || elapsed < SOON_MS) return null;
  return Math.max(0, next.afterMs - elapsed);
}
