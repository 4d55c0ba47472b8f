import type { RateLimit } from '../domain/token-bucket';

/** What a socket may do (S5, S6). The figures a client has to know as well are in the protocol's `LIMITS`. */
export interface SignalingLimits {
  /** How long the client of a new socket may take to say hello. */
  readonly helloMs: number;
  readonly messages: RateLimit;
  /** How many messages over the limit, or not understood, are answered with an error. One more closes the socket. */
  readonly errorBudget: RateLimit;
  /** How many bytes may wait to be sent before the client counts as too slow. */
  readonly unsentBytes: number;
  /** Requests of one socket that may wait for an earlier one to finish. */
  readonly queued: number;
  readonly pingMs: number;
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

export const SIGNALING_LIMITS: SignalingLimits = {
  helloMs: 10_000,
  messages: { burst: 100, perSecond: 50 },
  errorBudget: { burst: 100, perSecond: 5 },
  unsentBytes: 1024 * 1024,
  queued: 200,
  pingMs: 15_000,
  sockets: 20_000,
  socketsPerAddress: 64,
};
