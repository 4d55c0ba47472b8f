/**
 * The catalogue of error codes and WebSocket close codes. A code never changes its meaning. The text that a user reads is
 * in the client's message catalogue under the same name.
 */

/** Codes that travel in an `error` event, in a reply, or in the body of an HTTP error. */
export const ERROR_CODES = [
  // What arrived was not understood.
  'bad_json',
  'bad_envelope',
  'unknown_event',
  'bad_data',
  'hello_first',
  'already_greeted',
  'protocol_outdated',
  // What arrived was understood, but not now.
  'not_idle',
  'not_searching',
  'no_call',
  'stale_call',
  'not_accepted_yet',
  'rate_limited',
  // This node takes no more new people, or searches, at this moment. The error says when to come again.
  'server_busy',
  'terms_required',
  'too_young',
  'line_missing',
  'line_refused',
  'media_unavailable',
  'unknown_message',
  'shutting_down',
  // An operator, or several independent reports, keep this user out for now. The error says until when.
  'banned',
  // Another node is needed for the request, and cannot be reached at this moment.
  'node_unreachable',
  // Accounts and plans.
  'log_in_first',
  'wrong_credentials',
  'confirmation_invalid',
  'reset_invalid',
  'plan_minutes_used',
  'plan_needed',
  'plan_unknown',
  'plan_held',
  'no_plan',
  'provider_unreachable',
  'trial_used',
  'billing_unavailable',
  'webhook_refused',
  'records_unavailable',
  // HTTP.
  'too_large',
  'foreign_origin',
  'not_found',
  'unauthorized',
  'method_not_allowed',
  // Ours.
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** WebSocket close codes, our own from 4000 on, each with the reason text that is sent along. */
export const CLOSE = {
  goingAway: { code: 1001, reason: 'server going away' },
  tooBig: { code: 1009, reason: 'message too big' },
  helloTimeout: { code: 4001, reason: 'no hello in time' },
  flood: { code: 4002, reason: 'too many messages' },
  slowReader: { code: 4003, reason: 'too many bytes waiting' },
  heartbeatMissed: { code: 4004, reason: 'two heartbeats missed' },
  tooManyFromAddress: { code: 4005, reason: 'too many sockets from this address' },
  replaced: { code: 4006, reason: 'continued in another window' },
  protocolOutdated: { code: 4007, reason: 'protocol version not supported' },
  tooManyErrors: { code: 4008, reason: 'too many bad messages' },
  signedOut: { code: 4010, reason: 'signed out' },
  banned: { code: 4012, reason: 'kept out by a ban' },
  full: { code: 4009, reason: 'server is full' },
  /** An error `server_busy` came before, and says when to come again. */
  busy: { code: 4013, reason: 'come again later' },
  /** Nothing is lost: the client comes back at once, with its resume token, to whichever node it reaches. */
  moving: { code: 4011, reason: 'continue on another node' },
} as const;

export type CloseName = keyof typeof CLOSE;
