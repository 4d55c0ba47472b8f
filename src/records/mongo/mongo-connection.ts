import { ConnectionString } from 'mongodb-connection-string-url';
import { mongo, Mongoose, type Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Clock } from '../../app/ports/clock';
import { StoreUnavailable, type StoreHealth } from '../store/record-store';

/** How often a server that is away is tried, so that its return is noticed within about a second. */
const PROBE_MS = 1_000;
/**
 * How often a server that is there is asked for a sign of life. One that accepts requests and gives no sign at so many
 * times in a row is away. Counted in times, so that a late event loop here is not taken for a server that hangs.
 */
const BEAT_MS = 500;
const SILENT_BEATS = 3;
const PING_MS = 2_000;
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
  private readonly stops: readonly (() => void)[];
  private state: StoreHealth = 'down';
  private connecting: Promise<void> | undefined;
  private triedAt = Number.NEGATIVE_INFINITY;
  private isOpened = false;
  private isPrepared = false;
  private isClosed = false;
  private isBeating = false;
  /** How many beats ago the last answer came. */
  private beatsUnheard = 0;
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
    const { clock } = options;
    this.stops = [clock.every(PROBE_MS, () => void this.probe()), clock.every(BEAT_MS, () => this.beat())];
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
    if (state === 'up') this.beatsUnheard = 0;
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
    for (const stop of this.stops) stop();
    this.isClosed = true;
    this.state = 'down';
    await this.connecting;
    await this.connection.close(true);
  }

  /** A server that hangs keeps its connections open, so only the absence of answers shows it. */
  private beat(): void {
    const { db } = this.connection;
    if (this.state === 'down' || db === undefined) return;
    this.beatsUnheard += 1;
    if (this.beatsUnheard > SILENT_BEATS) return this.now('down');
    if (this.isBeating) return;
    this.isBeating = true;
    const asked = db.command({ ping: 1 }).finally(() => (this.isBeating = false));
    asked.then(
      () => this.now('up'),
      () => this.now('down'),
    );
  }

  /** A ping that is not answered must not keep the next attempt from being made, perhaps over another connection. */
  private async ping(): Promise<void> {
    const { clock } = this.options;
    const asked = this.connection.db?.command({ ping: 1 });
    await new Promise<void>((resolve, reject) => {
      const stop = clock.after(PING_MS, () =>
        reject(new Error('it accepts connections and does not answer')),
      );
      Promise.resolve(asked)
        .then(() => resolve(), reject)
        .finally(stop);
    });
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
      await this.ping();
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
