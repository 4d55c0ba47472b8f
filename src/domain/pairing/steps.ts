import { z } from 'zod';
import { circleSchema } from '../../protocol';
import { liesWithin } from './circles';
import type { Ticket } from './ticket';

/** After `afterMs` of waiting, a pair has to lie in `circle` and to score at least `minScore` (M4). */
export const stepSchema = z.object({
  afterMs: z.number().int().min(0).max(3_600_000),
  minScore: z.number().int().min(0).max(100),
  circle: circleSchema,
});
export type RelaxationStep = z.infer<typeof stepSchema>;

/** More steps than this make no visible difference, and the candidates' index keeps a list for each step. */
export const MAX_STEPS = 16;

/**
 * The steps a search passes through. They begin at once, follow each other in time, require less and less, and end with
 * everyone that the hard rules allow, so that no two peers who may meet keep waiting (M5).
 */
export const stepsSchema = z
  .array(stepSchema)
  .min(1)
  .max(MAX_STEPS)
  .superRefine((steps, context) => {
    const reportError = (index: number, message: string) =>
      context.addIssue({ code: 'custom', path: [index], message });
    steps.forEach((step, index) => {
      const before = steps[index - 1];
      if (before === undefined) {
        if (step.afterMs !== 0) reportError(index, 'the first step begins at 0 ms');
        return;
      }
      if (step.afterMs <= before.afterMs) reportError(index, 'a step begins later than the one before it');
      if (step.minScore > before.minScore)
        reportError(index, 'a step asks for no higher score than the one before it');
      if (!liesWithin(before.circle, step.circle))
        reportError(index, 'a step looks no less far than the one before it');
    });
    const last = steps[steps.length - 1];
    if (last !== undefined && (last.circle !== 'anyone' || last.minScore !== 0)) {
      reportError(steps.length - 1, 'the last step is anyone with a minimum score of 0');
    }
  });
export type Steps = readonly RelaxationStep[];

/**
 * The steps used where the operator sets none.
 *
 * Each minimum is below the lowest score of any pair in its circle. So the circle alone decides, and what users see
 * ("looking near you") is what happens. One shared interest of ten scores 23 and two peers without interests 25, so
 * `interest` requires 20. A neighbouring age band scores 12 and the same country 20, so `near` requires 10. Two peers who
 * share only a language may score 0. With higher minimums a peer would wait in "near you" while a neighbour waits too,
 * kept apart by a number that no user sees. The numbers are there for operators who prefer better matches to quick ones,
 * and for weights learned later (M11).
 */
export const DEFAULT_STEPS: Steps = [
  { afterMs: 0, minScore: 20, circle: 'interest' },
  { afterMs: 10_000, minScore: 10, circle: 'near' },
  { afterMs: 20_000, minScore: 0, circle: 'language' },
  { afterMs: 30_000, minScore: 0, circle: 'anyone' },
];

/** The index of the step after this wait. A clock that went backwards means the first. */
export function stepAfter(steps: Steps, waitedMs: number): number {
  let index = steps.length - 1;
  while (index > 0 && waitedMs < (steps[index]?.afterMs ?? 0)) index--;
  return index;
}

export const stepOf = (steps: Steps, ticket: Pick<Ticket, 'since'>, now: number): number =>
  stepAfter(steps, now - ticket.since);

/** A pair is in the step of the longer wait of the two. */
export const stepOfPair = (steps: Steps, a: Ticket, b: Ticket, now: number): number =>
  stepAfter(steps, now - Math.min(a.since, b.since));

/** Steps as an operator writes them; the default ones when nothing is written. Throws with every error named. */
export const parseRelaxationSteps = (written: unknown): Steps =>
  written === undefined ? DEFAULT_STEPS : stepsSchema.parse(written);
