import { z } from 'zod';
import { defineFeature, optionalVariable, type ValuesOf } from './variable';

export const operators = defineFeature('Operators', {
  OPERATOR_TOKEN: optionalVariable({
    schema: z.string().min(16, 'needs at least 16 characters'),
    defaultInWords: 'made at the first start, in `DATA_DIR/operator-token`',
    description:
      "Bearer token for the operators' endpoints: at least 16 characters that nobody can guess. Set it to have one token for all nodes.",
  }),
});

export interface OperatorsConfig {
  readonly token?: string;
}

export const operatorsConfig = ({ OPERATOR_TOKEN }: ValuesOf<typeof operators>): OperatorsConfig =>
  OPERATOR_TOKEN === undefined ? {} : { token: OPERATOR_TOKEN };
