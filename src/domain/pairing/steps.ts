import { z } from 'zod';
import { circleSchema } from '../../protocol';
import { liesWithin } from './circles';
import type { Ticket } from './ticket';

/** From `afterMs` of waiting on, a pair has to lie in `circle` and to score at least `minScore` (M4). */
export const stepSchema = z.object({
  afterMs: z.number().int().min(0).max(3_600_000),
  minScore: z.number().int().min(0).max(100),
  circle: circleSchema,
});
export type RelaxationStep = z.infer<typeof stepSchema>;

/** More steps than this nobody can tell apart; the candidates' index keeps its lists by step. */
export const MAX_STEPS = 16;

/**
 * The steps a search passes through. They begin at once, follow each other in time, ask for less and less, and
 * end with whomever the hard rules allow, so that nobody is left waiting beside someone they may meet (M5).
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
 * Each minimum is below what any pair of its circle scores at least, so the circle alone decides and what people
 * are shown ("looking near you") is what happens: one shared interest of ten scores 23 and two without interests
 * 25, so `interest` asks for 20; a neighbouring age band scores 12 and the same country 20, so `near` asks for 10;
 * two who share nothing but a language may score 0. Higher minimums would make someone wait in "near you" while a
 * neighbour waits too, refused by a number that nobody sees. The numbers are there for operators who would rather
 * have better matches than quick ones, and for weights learned later (M11).
 */
export const DEFAULT_STEPS: Steps = [
  { afterMs: 0, minScore: 20, circle: 'interest' },
  { afterMs: 10_000, minScore: 10, circle: 'near' },
  { afterMs: 20_000, minScore: 0, circle: 'language' },
  { afterMs: 30_000, minScore: 0, circle: 'anyone' },
];

/** The index of the step someone is in who has waited this long. A clock that went backwards means the first. */
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

/** Steps as an operator writes them; the default ones where nothing is written. Throws with every fault named. */
export const parseRelaxationSteps = (written: unknown): Steps =>
  written === undefined ? DEFAULT_STEPS : stepsSchema.parse(written);
