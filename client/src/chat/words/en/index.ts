import { en as shared } from '../../../ui/words/en';
import { account } from './account';
import { call } from './call';
import { devices } from './devices';
import { landing } from './landing';
import { plans } from './plans';
import { privacy } from './privacy';
import { problems } from './problems';
import { settings } from './settings';

/** Everything the chat app says, what it shares with the console included. */
export const en = {
  ...shared,
  ...account,
  ...call,
  ...devices,
  ...landing,
  ...plans,
  ...privacy,
  ...problems,
  ...settings,
} as const;
