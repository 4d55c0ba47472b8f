import { setTimeout as wait } from 'node:timers/promises';
import { mongo } from 'mongoose';

/**
 * The server gave the write up in favour of another one, and has changed nothing: MongoDB's `WriteConflict`, and the
 * deadlock of two transactions on a compatible server that is built on PostgreSQL (FerretDB 2.7).
 */
const ABORTED = new Set([112, 16_908_292]);
const MOST_TRIES = 8;
const FIRST_PAUSE_MS = 10;

/**
 * Makes a request, and makes it again when the server has given it up in favour of another one. The pauses grow and are
 * of random length, so that several that were in each other's way are so no longer. Throws what the last attempt threw.
 */
export async function repeatAborted<T>(request: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (!wasAborted(error) || tries === MOST_TRIES) throw error;
      await wait(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}

const wasAborted = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && ABORTED.has(Number(error.code));
