import type { Circle } from '../../../src/protocol';

export interface Rung {
  circle: Circle;
  state: 'done' | 'now' | 'later';
  /** For the present rung how long the search has been going, for later ones when they begin. */
  ms: number;
}

/** The circles a search passes through, as the ladder shows them. */
export function rungsOf(
  steps: readonly { circle: Circle; afterMs: number }[],
  step: number,
  elapsedMs: number,
): Rung[] {
  return steps.map(({ circle, afterMs }, index) => {
    if (index < step) return { circle, state: 'done', ms: afterMs };
    if (index === step) return { circle, state: 'now', ms: Math.max(0, elapsedMs) };
    return { circle, state: 'later', ms: afterMs };
  });
}
