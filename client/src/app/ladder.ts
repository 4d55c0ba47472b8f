import type { Circle } from '../../../src/protocol';
import type { Phase } from '../engine/state';

type Searching = Extract<Phase, { phase: 'searching' }>;

/** A circle as it is for one person: who named no interest is looked for among those who named none either. */
export type OwnCircle = Circle | 'plain';

export interface Step {
  circle: OwnCircle;
  afterMs: number;
}

export interface Rung {
  circle: OwnCircle;
  state: 'done' | 'now' | 'later';
  /** For the present rung how long the search has been going, for later ones when they begin. */
  ms: number;
}

/** Whether a step brings in anybody whom the steps before it did not, given what this person has said of themselves. */
function widens(circle: Circle, { said }: Searching): boolean {
  if (said === null) return true;
  // Where one is and how old one is are compared only where they are known.
  if (circle === 'near') return said.near;
  // Who names no language is taken to speak them all, so everyone is reached one step earlier.
  return circle !== 'anyone' || said.languages;
}

function nameOf(circle: Circle, { likes, said }: Searching): OwnCircle {
  if (circle === 'interest' && likes.length === 0 && said !== null) return 'plain';
  return circle === 'language' && said?.languages === false ? 'anyone' : circle;
}

/** The steps of this search as they are for this person: those that change nothing for them are left out. */
export function ownSteps(phase: Searching): { steps: readonly Step[]; step: number } {
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

/** The circles a search passes through, as the ladder shows them. */
export function rungsOf(steps: readonly Step[], step: number, elapsedMs: number): Rung[] {
  return steps.map(({ circle, afterMs }, index) => {
    if (index < step) return { circle, state: 'done', ms: afterMs };
    if (index === step) return { circle, state: 'now', ms: Math.max(0, elapsedMs) };
    return { circle, state: 'later', ms: afterMs };
  });
}
