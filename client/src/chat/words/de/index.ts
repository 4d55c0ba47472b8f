import type { Translation } from '../../../ui/words/catalogue';
import { de as shared } from '../../../ui/words/de';
import type { en } from '../en';
import { account } from './account';
import { call } from './call';
import { devices } from './devices';
import { landing } from './landing';
import { plans } from './plans';
import { privacy } from './privacy';
import { problems } from './problems';
import { settings } from './settings';

export const de: Translation<typeof en> = {
  ...shared,
  ...account,
  ...call,
  ...devices,
  ...landing,
  ...plans,
  ...privacy,
  ...problems,
  ...settings,
};
