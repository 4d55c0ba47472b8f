import type { ClientContext, Result } from 'ioredis';
import addGuest from './addGuest-1.lua';
import claimTickets from './claimTickets-5.lua';
import expireTickets from './expireTickets-5.lua';
import forgetGuest from './forgetGuest-1.lua';
import giveTokenBack from './giveTokenBack-1.lua';
import { resolveIncludes } from './includes';
import peerTickets from './peerTickets-1.lua';
import putTickets from './putTickets-6.lua';
import readSigns from './readSigns-n.lua';
import releaseLease from './releaseLease-1.lua';
import renewGuest from './renewGuest-1.lua';
import renewLeases from './renewLeases-n.lua';
import sendSign from './sendSign-1.lua';
import takeLease from './takeLease-1.lua';
import takeToken from './takeToken-1.lua';
import touchTickets from './touchTickets-1.lua';
import voidTicket from './voidTicket-2.lua';

/** How many keys a script takes; `n`: it differs from call to call, and stands before the keys. */
type KeyCount = number | 'n';

/**
 * Every script: the command of the client that it becomes, how many keys it takes, and its text. Name and count are
 * those of its file, and the file's header says what the keys and arguments are.
 */
const FILES = {
  addGuest: [1, addGuest],
  claimTickets: [5, claimTickets],
  expireTickets: [5, expireTickets],
  forgetGuest: [1, forgetGuest],
  giveTokenBack: [1, giveTokenBack],
  peerTickets: [1, peerTickets],
  putTickets: [6, putTickets],
  readSigns: ['n', readSigns],
  releaseLease: [1, releaseLease],
  renewGuest: [1, renewGuest],
  renewLeases: ['n', renewLeases],
  sendSign: [1, sendSign],
  takeLease: [1, takeLease],
  takeToken: [1, takeToken],
  touchTickets: [1, touchTickets],
  voidTicket: [2, voidTicket],
} as const satisfies Readonly<Record<string, readonly [KeyCount, string]>>;

export interface Script {
  /** The name of the command. */
  readonly name: string;
  readonly keys: KeyCount;
  /** What Redis runs: the file's text with its includes in it. */
  readonly lua: string;
}

/** Every script is a command of the client, sent by its digest once the server knows it. */
export const SCRIPTS: readonly Script[] = Object.entries(FILES).map(([name, [keys, text]]) => ({
  name,
  keys,
  lua: resolveIncludes(text),
}));

type Strings<Count, Built extends string[] = []> = Built['length'] extends Count
  ? Built
  : Strings<Count, [...Built, string]>;
/** A script's keys as arguments: the compiler rejects a call that passes fewer than its file's name says. */
type KeyArguments<Count extends KeyCount> = Count extends number ? Strings<Count> : [count: number];

/** In the shape of ioredis's own commands. */
type ScriptCommands<Context extends ClientContext> = {
  -readonly [Name in keyof typeof FILES]: (
    ...args: [...KeyArguments<(typeof FILES)[Name][0]>, ...(string | number)[]]
  ) => Result<unknown, Context>;
};

declare module 'ioredis' {
  /** The keys first, then the arguments. What comes back is still to be parsed. */
  interface RedisCommander<Context> extends ScriptCommands<Context> {}
}
