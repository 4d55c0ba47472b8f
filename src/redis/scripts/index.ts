import type { Result } from 'ioredis';
import { addGuest } from './add-guest';
import { claimTickets } from './claim-tickets';
import { expireTickets } from './expire-tickets';
import { forgetGuest } from './forget-guest';
import { giveTokenBack } from './give-token-back';
import { peerTickets } from './person-tickets';
import { putTickets } from './put-tickets';
import { releaseLease } from './release-lease';
import { renewGuest } from './renew-guest';
import { renewLeases } from './renew-leases';
import type { Script } from './script';
import { takeLease } from './take-lease';
import { takeToken } from './take-token';
import { touchTickets } from './touch-tickets';
import { voidTicket } from './void-ticket';

type Argument = string | number;

/** Every script is a command of the client, sent by its digest once the server knows it. */
export const SCRIPTS: readonly Script[] = [
  addGuest,
  claimTickets,
  expireTickets,
  forgetGuest,
  giveTokenBack,
  peerTickets,
  putTickets,
  releaseLease,
  renewGuest,
  renewLeases,
  takeLease,
  takeToken,
  touchTickets,
  voidTicket,
];

declare module 'ioredis' {
  /** The keys first, then the arguments; each script's file says which. What comes back is still to be parsed. */
  interface RedisCommander<Context> {
    addGuest(...args: Argument[]): Result<unknown, Context>;
    claimTickets(...args: Argument[]): Result<unknown, Context>;
    expireTickets(...args: Argument[]): Result<unknown, Context>;
    forgetGuest(...args: Argument[]): Result<unknown, Context>;
    giveTokenBack(...args: Argument[]): Result<unknown, Context>;
    peerTickets(...args: Argument[]): Result<unknown, Context>;
    putTickets(...args: Argument[]): Result<unknown, Context>;
    releaseLease(...args: Argument[]): Result<unknown, Context>;
    renewGuest(...args: Argument[]): Result<unknown, Context>;
    renewLeases(...args: Argument[]): Result<unknown, Context>;
    takeLease(...args: Argument[]): Result<unknown, Context>;
    takeToken(...args: Argument[]): Result<unknown, Context>;
    touchTickets(...args: Argument[]): Result<unknown, Context>;
    voidTicket(...args: Argument[]): Result<unknown, Context>;
  }
}
