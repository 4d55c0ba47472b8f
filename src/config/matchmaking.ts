import { z } from 'zod';
import { DEFAULT_STEPS, stepsSchema, type RelaxationStep } from '../domain/pairing';
import { json, number, wholeNumber } from './forms';
import { defineFeature, variable, type ValuesOf } from './variable';

const seconds = DEFAULT_STEPS.map(({ afterMs }) => afterMs / 1000);

export const matchmaking = defineFeature('Matchmaking', {
  MATCH_STEPS: variable({
    schema: json(stepsSchema),
    default: JSON.stringify(DEFAULT_STEPS),
    defaultInWords: `${seconds.length} steps, after ${seconds.join(', ')} s`,
    description:
      'How a search widens: a JSON list of steps such as `[{"afterMs":0,"minScore":20,"circle":"interest"},…]`. `afterMs` is the wait in ms after which the step begins, `minScore` (0 to 100) the score that a pair needs, `circle` is `interest`, `near`, `language` or `anyone`. The last step is `anyone` with 0.',
  }),
  SKIP_BURST: variable({
    schema: wholeNumber(1, 1000),
    default: '6',
    description:
      'How often a peer may skip to the next partner in a row, 1 to 1000. A peer who skips faster has to wait for a short pause.',
  }),
  SKIPS_PER_MINUTE: variable({
    schema: number.pipe(z.number().min(1).max(6000)),
    default: '12',
    description: 'How many skips a peer gets back each minute, 1 to 6000.',
  }),
});

export interface MatchmakingConfig {
  readonly steps: readonly RelaxationStep[];
  readonly skips: { readonly burst: number; readonly perSecond: number };
}

export const matchmakingConfig = (values: ValuesOf<typeof matchmaking>): MatchmakingConfig => ({
  steps: values.MATCH_STEPS,
  skips: { burst: values.SKIP_BURST, perSecond: values.SKIPS_PER_MINUTE / 60 },
});
