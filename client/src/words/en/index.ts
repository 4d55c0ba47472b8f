import { account } from './account';
import { faults } from './faults';
import { landing } from './landing';
import { meeting } from './meeting';
import { plans } from './plans';
import { privacy } from './privacy';
import { settings } from './settings';

export const en = {
  ...landing,
  ...meeting,
  ...faults,
  ...settings,
  ...account,
  ...plans,
  ...privacy,
} as const;
