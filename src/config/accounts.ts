import { wholeNumber } from './forms';
import { defineFeature, variable, type ValuesOf } from './variable';

export const accounts = defineFeature('Accounts', {
  MINIMUM_AGE: variable({
    schema: wholeNumber(13, 99),
    default: '18',
    description:
      'Minimum age for an account, 13 to 99. Below 18, guests of 13 to 17 are admitted too. Minors never meet adults. The client itself offers guests no age below 18 yet.',
  }),
});

export interface AccountsConfig {
  /** In years. */
  readonly minimumAge: number;
}

export const accountsConfig = (values: ValuesOf<typeof accounts>): AccountsConfig => ({
  minimumAge: values.MINIMUM_AGE,
});
