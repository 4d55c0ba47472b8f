import { z } from 'zod';
import {
  askResetSchema,
  blocksReplySchema,
  changeAccountSchema,
  changePasswordSchema,
  devicesReplySchema,
  logInSchema,
  meReplySchema,
  meSchema,
  registerSchema,
  resetSchema,
  statisticsSchema,
} from './account';
import { checkoutReplySchema, choosePlanSchema, planStateSchema, plansReplySchema } from './plans';
import { eraseReplySchema, eraseSchema, exportReplySchema } from './privacy';

const nothing = z.object({});
const meReply = z.object({ me: meSchema });
const planReply = z.object({ plan: planStateSchema });

/** Who may ask: `anyone`; `known`: a guest or an account; `account`: someone who is logged in. */
export type Access = 'anyone' | 'known' | 'account';

interface Route<M, P, A, B extends z.ZodType, R extends z.ZodType> {
  readonly method: M;
  readonly path: P;
  readonly access: A;
  readonly body: B;
  readonly reply: R;
  readonly summary: string;
}

/** Each part keeps its own type, so that handlers are checked against exactly their route. */
const route = <
  M extends 'GET' | 'POST' | 'PATCH' | 'DELETE',
  P extends string,
  A extends Access,
  B extends z.ZodType,
  R extends z.ZodType,
>(
  method: M,
  path: P,
  access: A,
  body: B,
  reply: R,
  summary: string,
): Route<M, P, A, B, R> => ({ method, path, access, body, reply, summary });

/**
 * The HTTP API people's browsers use, one entry a request: what the server routes and checks by, what the client
 * calls, and what the OpenAPI document is made of. Parameters in a path are `{braced}`. Errors are
 * `{error: {code, message, retryAfterMs?}}` with a code of the one catalogue.
 */
export const API = {
  me: route('GET', '/api/me', 'anyone', nothing, meReplySchema, 'Who this browser is'),
  register: route(
    'POST',
    '/api/account',
    'anyone',
    registerSchema,
    meReply,
    'Makes an account; a guest keeps their id, name and blocks',
  ),
  logIn: route('POST', '/api/account/log-in', 'anyone', logInSchema, meReply, 'Logs in'),
  logOut: route('POST', '/api/account/log-out', 'anyone', nothing, nothing, 'Logs this device out'),
  askReset: route(
    'POST',
    '/api/account/reset',
    'anyone',
    askResetSchema,
    nothing,
    'Sends a letter with a link to choose a new password, if there is such an account',
  ),
  reset: route(
    'POST',
    '/api/account/reset/confirm',
    'anyone',
    resetSchema,
    nothing,
    'Chooses a new password; logs every device out',
  ),
  changeMe: route('PATCH', '/api/me', 'known', changeAccountSchema, meReply, 'Changes name and profile'),
  changePassword: route(
    'POST',
    '/api/me/password',
    'account',
    changePasswordSchema,
    nothing,
    'Changes the password; logs other devices out',
  ),
  statistics: route('GET', '/api/me/statistics', 'known', nothing, statisticsSchema, "One's own statistics"),
  blocks: route('GET', '/api/me/blocks', 'known', nothing, blocksReplySchema, 'Whom one has blocked'),
  unblock: route('DELETE', '/api/me/blocks/{userId}', 'known', nothing, nothing, 'Takes a block back'),
  devices: route('GET', '/api/me/devices', 'account', nothing, devicesReplySchema, 'Where one is logged in'),
  logOutDevice: route(
    'DELETE',
    '/api/me/devices/{deviceId}',
    'account',
    nothing,
    nothing,
    'Logs one device out',
  ),
  logOutOthers: route('DELETE', '/api/me/devices', 'account', nothing, nothing, 'Logs all other devices out'),
  plans: route('GET', '/api/plans', 'anyone', nothing, plansReplySchema, 'The plans there are'),
  plan: route('GET', '/api/me/plan', 'known', nothing, planReply, "One's plan and what is left of it"),
  tryPlan: route('POST', '/api/me/plan/trial', 'account', choosePlanSchema, planReply, 'Begins a trial'),
  buyPlan: route(
    'POST',
    '/api/me/plan/checkout',
    'account',
    choosePlanSchema,
    checkoutReplySchema,
    'Begins to buy a plan',
  ),
  cancelPlan: route(
    'POST',
    '/api/me/plan/cancel',
    'account',
    nothing,
    planReply,
    'Lets the plan end with its period',
  ),
  resumePlan: route(
    'POST',
    '/api/me/plan/resume',
    'account',
    nothing,
    planReply,
    'Takes the cancellation back',
  ),
  export: route(
    'GET',
    '/api/me/export',
    'known',
    nothing,
    exportReplySchema,
    'Everything that is kept of a person',
  ),
  erase: route(
    'POST',
    '/api/me/erase',
    'known',
    eraseSchema,
    eraseReplySchema,
    'Erases a person and all that may be erased',
  ),
} as const;

export type ApiName = keyof typeof API;
export type ApiBody<N extends ApiName> = z.infer<(typeof API)[N]['body']>;
export type ApiInput<N extends ApiName> = z.input<(typeof API)[N]['body']>;
export type ApiReply<N extends ApiName> = z.infer<(typeof API)[N]['reply']>;
