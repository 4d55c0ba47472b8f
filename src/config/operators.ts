import { secret } from './forms';
import { defineFeature, optionalVariable, type ValuesOf } from './variable';

export const operators = defineFeature('Operators', {
  OPERATOR_TOKEN: optionalVariable({
    schema: secret(16),
    defaultInWords: 'made at the first start, in `DATA_DIR/operator-token`',
    description:
      "Bearer token for the operators' endpoints: at least 16 characters that nobody can guess, of those that a header carries (letters, figures and signs of ASCII, no spaces). Set it to have one token for all nodes.",
  }),
});

export interface OperatorsConfig {
  readonly token?: string;
}

export const operatorsConfig = ({ OPERATOR_TOKEN }: ValuesOf<typeof operators>): OperatorsConfig =>
  OPERATOR_TOKEN === undefined ? {} : { token: OPERATOR_TOKEN };
