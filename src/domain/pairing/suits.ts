import { circleOf, liesWithin } from './circles';
import { scoreOf } from './score';
import { stepOfPair, type RelaxationStep, type Steps } from './steps';
import type { Ticket } from './ticket';

/** Whether a pair that the hard rules allow reaches what this step requires. */
export const reachesStep = (a: Ticket, b: Ticket, total: number, step: RelaxationStep): boolean =>
  total >= step.minScore && liesWithin(circleOf(a, b), step.circle);

/** The score of a pair that the hard rules allow, or null while the step it is in does not let it meet (M4). */
export function suits(a: Ticket, b: Ticket, now: number, steps: Steps): number | null {
  const step = steps[stepOfPair(steps, a, b, now)];
  const { total } = scoreOf(a, b, now);
  return step !== undefined && reachesStep(a, b, total, step) ? total : null;
}

/** A partner that could be chosen. */
export interface Choice {
  readonly total: number;
  readonly since: number;
}

/** Best score first; among equals the longest wait (M5). Exact equals keep the order in which they were found. */
export const isBetter = (one: Choice, than: Choice): boolean =>
  one.total > than.total || (one.total === than.total && one.since < than.since);
