import type { Circle } from '../../../../src/protocol';
import type { Phase } from '../engine/state';

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
