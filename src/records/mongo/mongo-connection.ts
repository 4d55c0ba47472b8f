import { ConnectionString } from 'mongodb-connection-string-url';
import { mongo, Mongoose, type Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';
import { StoreUnavailable, type StoreHealth } from '../store/record-store';

/** How often a server that is away is tried, so that its return is noticed within about a second. */
const PROBE_MS = 1_000;
const DEFAULT_DATABASE = 'passerby';
const SETTINGS = {
  maxPoolSize: 20,
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 5_000,
  socketTimeoutMS: 45_000,
  maxIdleTimeMS: 30_000,
  heartbeatFrequencyMS: 5_000,
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
  writeConcern: { w: 'majority' },
} as const;

export interface ConnectionOptions {
  readonly uri: string;
  /** The database's name when the URI names none; `passerby` by default. */
  readonly database?: string;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** The database that a URI names after the hosts. */
function databaseOf(uri: string): string | undefined {
  const name = decodeURIComponent(new ConnectionString(uri).pathname.slice(1));
  return name === '' ? undefined : name;
}

/** What the driver does not take in a URI, for example an option that it does not have; undefined: nothing. */
export function faultOfUri(uri: string): string | undefined {
  try {
    databaseOf(uri);
    // The client of the driver reads all options when it is made, and connects only when it is used.
    new mongo.MongoClient(uri);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.includes('://') ? 'it cannot be read' : message;
  }
}

/**
 * A separate connection that does not wait for the server. It is tried at once and then again and again, since mongoose
 * gives up after a first attempt that fails. Its health is the result of the last request.
 */
export class MongoConnection {
  private readonly connection: Connection;
  private readonly stopProbing: () => void;
  private state: StoreHealth = 'down';
  private connecting: Promise<void> | undefined;
  private triedAt = Number.NEGATIVE_INFINITY;
  private isOpened = false;
  private isPrepared = false;
  private isClosed = false;
  /** Why the server could not be reached, as it was logged last: the same cause is not logged each second. */
  private toldCause: string | undefined;

  /** @param prepare is called when the server is reached, until it has succeeded once */
  constructor(
    private readonly options: ConnectionOptions,
    private readonly prepare: () => Promise<void>,
  ) {
    this.connection = new Mongoose().createConnection();
    // Callers get errors by their requests. Without a listener this event would end the process.
    this.connection.on('error', () => undefined);
    this.connection.on('disconnected', () => this.now('down'));
    this.stopProbing = options.clock.every(PROBE_MS, () => void this.probe());
    void this.probe();
  }

  get health(): StoreHealth {
    return this.state;
  }

  /**
   * The driver's own view of a collection. Throws `StoreUnavailable` while the server is away: otherwise the driver would
   * search for it for two seconds each time, and the caller would wait.
   */
  collection<T extends mongo.Document>(name: string): mongo.Collection<T> {
    const { db } = this.connection;
    if (db === undefined || this.isClosed || this.state === 'down')
      throw new StoreUnavailable(new Error('MongoDB does not answer'));
    // The driver is mongoose's own, whose types say less.
    return db.collection<T>(name);
  }

  /** Sets the health after a request. */
  now(state: StoreHealth): void {
    if (state === this.state || this.isClosed) return;
    this.state = state;
    if (state === 'up') {
      this.options.log.info('MongoDB answers');
      return;
    }
    this.options.log.warn('MongoDB does not answer; trying again');
    // No other request may follow, so the connection is probed now; but not each time for a request that always fails.
    if (this.options.clock.elapsed() - this.triedAt >= PROBE_MS) void this.probe();
  }

  /** Resolves when the server was reached, or a first attempt has failed. */
  async probe(): Promise<void> {
    if (this.state === 'up' && this.isPrepared) return;
    this.connecting ??= this.reach().finally(() => (this.connecting = undefined));
    await this.connecting;
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.stopProbing();
    this.isClosed = true;
    this.state = 'down';
    await this.connecting;
    await this.connection.close(true);
  }

  private tellCause(error: unknown): void {
    const cause = error instanceof Error ? error.message : String(error);
    if (this.isClosed || cause === this.toldCause) return;
    this.toldCause = cause;
    this.options.log.warn({ cause }, 'MongoDB cannot be used for now; check that it runs, and MONGODB_URI');
  }

  private async reach(): Promise<void> {
    const { uri, database, clock, log } = this.options;
    this.triedAt = clock.elapsed();
    try {
      const dbName = database ?? databaseOf(uri) ?? DEFAULT_DATABASE;
      // After the first connection, the driver itself reconnects.
      if (!this.isOpened) await this.connection.openUri(uri, { ...SETTINGS, dbName });
      this.isOpened = true;
      await this.connection.db?.command({ ping: 1 });
      this.toldCause = undefined;
      this.now('up');
    } catch (error) {
      this.now('down');
      this.tellCause(error);
      return;
    }
    try {
      if (this.isPrepared || this.isClosed) return;
      await this.prepare();
      this.isPrepared = true;
    } catch (error) {
      log.error({ err: error }, 'the indexes could not be made; trying again');
    }
  }
}
