import { accounts } from './accounts';
import { billing } from './billing';
import { cluster } from './cluster';
import { http } from './http';
import { logging } from './logging';
import { mail } from './mail';
import { matchmaking } from './matchmaking';
import { media } from './media';
import { operators } from './operators';
import { records } from './records';
import { signaling } from './signaling';
import { storage } from './storage';

/** Every feature that has variables, in the order in which the documentation shows them. */
export const FEATURES = {
  http,
  signaling,
  storage,
  records,
  accounts,
  mail,
  billing,
  matchmaking,
  media,
  cluster,
  operators,
  logging,
};
