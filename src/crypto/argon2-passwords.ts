import { randomBytes } from 'node:crypto';
import { argon2id, hash, needsRehash, verify } from 'argon2';
import type { Passwords } from '../app/accounts/ports/passwords';
import { BoundedQueue } from './bounded-queue';

/** 32 MiB in three passes: 50 to 100 ms on common servers, and more than OWASP's minimum for argon2id. */
const COST = { memoryCost: 32_768, timeCost: 3, parallelism: 1 } as const;
export type PasswordCost = { readonly [K in keyof typeof COST]: number };

/** Each hash takes one of the four threads of libuv's pool, which also serve files and name look-ups. */
const AT_ONCE = 2;
/** The last in the queue waits about five seconds. */
const MOST_WAITING = 100;

/** Passwords as argon2id, in NFKC: the same characters are equal however a keyboard composes them. */
export class Argon2Passwords implements Passwords {
  private constructor(
    private readonly cost: PasswordCost,
    private readonly queue: BoundedQueue,
    /** The hash of a random password. It is compared when there is no account, so that both cases take the same time. */
    private readonly dummyHash: string,
  ) {}

  static async open(
    cost: PasswordCost = COST,
    limits: { readonly atOnce: number; readonly mostWaiting: number } = {
      atOnce: AT_ONCE,
      mostWaiting: MOST_WAITING,
    },
  ): Promise<Argon2Passwords> {
    const queue = new BoundedQueue(limits.atOnce, limits.mostWaiting);
    return new Argon2Passwords(cost, queue, await hash(randomBytes(32), { type: argon2id, ...cost }));
  }

  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(comparable(password), { type: argon2id, ...this.cost }));
  }

  verify(kept: string | null, password: string): Promise<boolean> {
    return this.queue.run(async () => {
      const fits = await verify(kept ?? this.dummyHash, comparable(password));
      return fits && kept !== null;
    });
  }

  isOutdated(kept: string): boolean {
    return !kept.startsWith('$argon2id$') || needsRehash(kept, this.cost);
  }
}

const comparable = (password: string): string => password.normalize('NFKC');
