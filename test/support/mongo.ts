import { randomUUID } from 'node:crypto';
import { createConnection, type Connection } from 'mongoose';

/**
 * The server that tests with MongoDB use. `npm test` sets the variable, to a server of its own where none is given
 * and one can be had; where it is not set these tests are skipped, and `npm test` says so.
 */
export const MONGODB_TEST_URI = process.env['MONGODB_TEST_URI'];

export const describeWithMongo = MONGODB_TEST_URI ? describe : describe.skip;

/** A database of one suite's own, and a way to look at it beside the store under test. */
export class TestDatabase {
  readonly name = `passerby-test-${randomUUID().slice(0, 8)}`;

  /** The server's address with this database in it. */
  get uri(): string {
    const uri = new URL(MONGODB_TEST_URI ?? '');
    uri.pathname = `/${this.name}`;
    return uri.href;
  }

  /** Something to look with; to be closed. */
  async connect(): Promise<Connection> {
    return createConnection(this.uri, { serverSelectionTimeoutMS: 5_000 }).asPromise();
  }

  async drop(): Promise<void> {
    const connection = await this.connect();
    await connection.dropDatabase();
    await connection.close();
  }
}
