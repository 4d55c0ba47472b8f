import { z } from 'zod';
import {
  askResetSchema,
  blocksReplySchema,
  changeAccountSchema,
  changePasswordSchema,
  confirmAccountSchema,
  devicesReplySchema,
  logInSchema,
  meReplySchema,
  meSchema,
  registerSchema,
  resetSchema,
  statisticsSchema,
} from './account';
import { get, nothing, patch, post, remove } from './endpoint';
import { checkoutReplySchema, choosePlanSchema, planStateSchema, plansReplySchema } from './plans';
import { eraseReplySchema, eraseSchema, exportReplySchema } from './privacy';

const meReply = z.object({ me: meSchema });
const planReply = z.object({ plan: planStateSchema });

/**
 * The endpoints that the product's pages call. The server serves them by this table and describes them from it, and the
 * client calls them by it. Endpoints for programs are in a table of the server's own, which the client does not load.
 * Errors are `{error: {code, message, retryAfterMs?}}` with a code of the one catalogue.
 */
export const API = {
  me: get('/api/me', 'anyone', meReplySchema, 'Who this browser is'),
  register: post(
    '/api/account',
    'anyone',
    registerSchema,
    nothing,
    'Sends a mail with a link that makes the account; nobody learns whether there is one already',
  ),
  confirmAccount: post(
    '/api/account/confirm',
    'anyone',
    confirmAccountSchema,
    meReply,
    'Makes the account of a mail and logs in; a guest keeps their id, name and blocks',
  ),
  logIn: post('/api/account/log-in', 'anyone', logInSchema, meReply, 'Logs in'),
  logOut: post('/api/account/log-out', 'anyone', nothing, nothing, 'Logs this device out'),
  askReset: post(
    '/api/account/reset',
    'anyone',
    askResetSchema,
    nothing,
    'Sends a mail with a link to choose a new password, if there is such an account',
  ),
  reset: post(
    '/api/account/reset/confirm',
    'anyone',
    resetSchema,
    nothing,
    'Chooses a new password; logs every device out',
  ),
  changeMe: patch('/api/me', 'user', changeAccountSchema, meReply, 'Changes name and profile'),
  changePassword: post(
    '/api/me/password',
    'account',
    changePasswordSchema,
    nothing,
    'Changes the password; logs other devices out',
  ),
  statistics: get('/api/me/statistics', 'user', statisticsSchema, "One's own statistics"),
  blocks: get('/api/me/blocks', 'user', blocksReplySchema, 'Whom one has blocked'),
  unblock: remove('/api/me/blocks/{userId}', 'user', nothing, 'Takes a block back'),
  devices: get('/api/me/devices', 'account', devicesReplySchema, 'Where one is logged in'),
  logOutDevice: remove('/api/me/devices/{deviceId}', 'account', nothing, 'Logs one device out'),
  logOutOthers: remove('/api/me/devices', 'account', nothing, 'Logs all other devices out'),
  plans: get('/api/plans', 'anyone', plansReplySchema, 'The plans there are'),
  plan: get('/api/me/plan', 'user', planReply, "One's plan and what is left of it"),
  tryPlan: post('/api/me/plan/trial', 'account', choosePlanSchema, planReply, 'Begins a trial'),
  buyPlan: post(
    '/api/me/plan/checkout',
    'account',
    choosePlanSchema,
    checkoutReplySchema,
    'Begins to buy a plan',
  ),
  cancelPlan: post('/api/me/plan/cancel', 'account', nothing, planReply, 'Lets the plan end with its period'),
  resumePlan: post('/api/me/plan/resume', 'account', nothing, planReply, 'Takes the cancellation back'),
  export: get('/api/me/export', 'user', exportReplySchema, 'Everything that is kept of a person'),
  erase: post(
    '/api/me/erase',
    'user',
    eraseSchema,
    eraseReplySchema,
    'Erases a person and all that may be erased',
  ),
} as const;

export type ApiName = keyof typeof API;
export type ApiBody<N extends ApiName> = z.infer<(typeof API)[N]['body']>;
export type ApiInput<N extends ApiName> = z.input<(typeof API)[N]['body']>;
export type ApiReply<N extends ApiName> = z.infer<(typeof API)[N]['reply']>;
