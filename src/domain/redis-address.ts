/** A server, or one of the servers of a cluster, from its URL. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
}

/** The parsed form of an operator's `redis://…`. */
export interface RedisAddress {
  /** Several: the first ones to ask about a cluster. */
  readonly servers: readonly RedisServer[];
  readonly isCluster: boolean;
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database; a cluster has only 0. */
  readonly database: number;
}

const DEFAULT_PORT = 6379;

/**
 * Parses `redis://[user[:password]@]host[:port][/database]`, with TLS as `rediss://`; several, separated by commas, are
 * servers of one cluster. Throws an Error that names what is wrong, and never the password.
 */
export function parseRedisAddress(text: string): RedisAddress {
  const urls = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseUrl);
  const [first] = urls;
  if (first === undefined) throw new Error('a Redis address must not be empty');
  const isCluster = urls.length > 1;
  for (const { tls, username, password } of urls) {
    if (tls !== first.tls || username !== first.username || password !== first.password)
      throw new Error('all servers of a Redis cluster need the same scheme, user and password');
  }
  if (isCluster && urls.some(({ database }) => database !== 0))
    throw new Error('a Redis cluster has no databases but 0');
  const { tls, username, password, database } = first;
  return { servers: urls.map(({ server }) => server), isCluster, tls, username, password, database };
}

function parseUrl(text: string) {
  // The text itself may hold a password, so no message repeats it.
  if (!URL.canParse(text)) throw new Error('a Redis address must be a URL such as redis://localhost:6379');
  const url = new URL(text);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:')
    throw new Error('a Redis address must begin with redis:// or rediss://');
  if (url.hostname === '') throw new Error('a Redis address must name a host');
  const database = /^\/?$/.test(url.pathname) ? '0' : url.pathname.slice(1);
  if (!/^\d{1,5}$/.test(database)) throw new Error('the path of a Redis address must be a database number');
  return {
    // Brackets belong to an IPv6 address in a URL only.
    server: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    },
    tls: url.protocol === 'rediss:',
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: Number(database),
  };
}
