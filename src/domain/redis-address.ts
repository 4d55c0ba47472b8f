/** A server, one of the servers of a cluster, or a sentinel, from its URL. */
export interface RedisServer {
  /** Without the brackets that an IPv6 address has in a URL. */
  readonly host: string;
  readonly port: number;
}

/** Who logs in to which database. */
interface RedisAccess {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Number of the database; a cluster has only 0. */
  readonly database: number;
}

/** The parsed form of an operator's address of Redis. */
export type RedisAddress = RedisAccess &
  (
    | { readonly kind: 'server'; readonly servers: readonly [RedisServer]; readonly tls: boolean }
    /** The first servers to ask about the cluster. */
    | { readonly kind: 'cluster'; readonly servers: readonly RedisServer[]; readonly tls: boolean }
    | {
        readonly kind: 'sentinel';
        readonly servers: readonly RedisServer[];
        readonly tls: boolean;
        /** The name under which the sentinels know the primary server. */
        readonly primary: string;
        /** Where sentinels ask for a password of their own. */
        readonly sentinelUsername: string | undefined;
        readonly sentinelPassword: string | undefined;
      }
    | { readonly kind: 'socket'; readonly path: string }
  );

const SERVER_PORT = 6379;
const SENTINEL_PORT = 26379;

const NO_URL = 'a Redis address must be a URL such as redis://localhost:6379';
const SCHEMES =
  'a Redis address must begin with redis://, rediss:// (TLS), redis+sentinel://, rediss+sentinel:// or unix://';

/**
 * Parses the address of
 * - a server: `redis://[[user]:password@]host[:port][/database]`, with TLS `rediss://`;
 * - a cluster: several of its servers with commas between, `redis://a:6379,b:6379` or each with its own `redis://`;
 * - servers behind sentinels: `redis+sentinel://[…@]sentinel[:port][,…]/primary[/database]`, with TLS
 *   `rediss+sentinel://`;
 * - a server's Unix socket: `unix://[[user]:password@]/path[?db=database]`.
 *
 * A database may also be given as `?db=`. Throws an Error that names what is wrong, and never the password.
 */
export function parseRedisAddress(text: string): RedisAddress {
  const written = text.trim();
  if (written === '') throw new Error('a Redis address must not be empty');
  switch (/^([a-z+]+):\/\//i.exec(written)?.[1]?.toLowerCase()) {
    case 'redis':
      return serversAt(written, { tls: false });
    case 'rediss':
      return serversAt(written, { tls: true });
    case 'redis+sentinel':
      return sentinelsAt(written, { tls: false });
    case 'rediss+sentinel':
      return sentinelsAt(written, { tls: true });
    case 'unix':
      return socketAt(written);
    case undefined:
      throw new Error(NO_URL);
    default:
      throw new Error(SCHEMES);
  }
}

function serversAt(text: string, { tls }: { readonly tls: boolean }): RedisAddress {
  const parts = split(text, SERVER_PORT, ['db']);
  const { servers, steps, parameters, username, password } = parts;
  if (steps.length > 1) throw new Error('the path of a Redis address must be a database number');
  const database = databaseOf(steps[0], parameters.get('db'));
  const [server, ...others] = servers;
  const access = { username, password, database, tls };
  if (others.length === 0) return { kind: 'server', servers: [server], ...access };
  if (database !== 0) throw new Error('a Redis cluster has no databases but 0');
  return { kind: 'cluster', servers, ...access };
}

function sentinelsAt(text: string, { tls }: { readonly tls: boolean }): RedisAddress {
  const options = ['db', 'sentinelUsername', 'sentinelPassword'];
  const { servers, steps, parameters, username, password } = split(text, SENTINEL_PORT, options);
  const [primary, database] = steps;
  if (primary === undefined || steps.length > 2)
    throw new Error(
      'an address of sentinels must name the primary after the hosts, such as redis+sentinel://a,b,c/mymaster',
    );
  return {
    ...{ kind: 'sentinel', servers, tls, username, password },
    primary: decoded(primary),
    database: databaseOf(database, parameters.get('db')),
    sentinelUsername: parameters.get('sentinelUsername') ?? undefined,
    sentinelPassword: parameters.get('sentinelPassword') ?? undefined,
  };
}

function socketAt(text: string): RedisAddress {
  const [, userInfo, path = '', query] = /^unix:\/\/(?:([^/]*)@)?(\/[^?]*)?(?:\?(.*))?$/i.exec(text) ?? [];
  if (path.length < 2)
    throw new Error('a Unix socket must have a whole path, such as unix:///run/redis.sock');
  const parameters = parametersOf(query, ['db']);
  const database = databaseOf(undefined, parameters.get('db'));
  return { kind: 'socket', path: decoded(path), ...userOf(userInfo), database };
}

interface Parts extends Omit<RedisAccess, 'database'> {
  readonly servers: readonly [RedisServer, ...RedisServer[]];
  /** What stands between the slashes of the path. */
  readonly steps: readonly string[];
  readonly parameters: URLSearchParams;
}

/**
 * Hosts, user and path. Each of several hosts may repeat the scheme, the user and the path of the first one, and may
 * not have others.
 */
function split(text: string, defaultPort: number, known: readonly string[]): Parts {
  const scheme = text.slice(0, text.indexOf('://') + 3);
  const [address = '', query] = text.split('?', 2);
  const items = address
    .slice(scheme.length)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => itemOf(item, scheme));
  const servers = items.map(({ host }) => serverOf(host, defaultPort));
  const [first, ...others] = servers;
  if (first === undefined) throw new Error(NO_URL);
  const userInfo = sameOf(items.map((item) => item.userInfo));
  // A list such as `a,b,c/0` has its path at the end.
  const path = sameOf(items.map((item) => item.path).filter((part) => part !== undefined && part !== ''));
  return {
    servers: [first, ...others],
    steps: (path ?? '').split('/').filter((step) => step !== ''),
    parameters: parametersOf(query, known),
    ...userOf(userInfo),
  };
}

interface Item {
  /** Absent: the item repeats neither scheme nor user, so it has those of the first one. */
  readonly userInfo: string | undefined;
  readonly host: string;
  readonly path: string | undefined;
}

function itemOf(item: string, scheme: string): Item {
  const own = /^[a-z+]+:\/\//i.exec(item)?.[0];
  if (own !== undefined && own.toLowerCase() !== scheme.toLowerCase())
    throw new Error('all servers of a Redis cluster need the same scheme, user and password');
  const rest = item.slice(own?.length ?? 0);
  const at = rest.lastIndexOf('@');
  const [host = '', ...path] = rest.slice(at + 1).split('/');
  const userInfo = at >= 0 ? rest.slice(0, at) : own === undefined ? undefined : '';
  return { userInfo, host, path: path.length === 0 ? undefined : path.join('/') };
}

/** The one text that all items share; undefined: none has any. */
function sameOf(texts: readonly (string | undefined)[]): string | undefined {
  const [first, ...others] = texts;
  if (others.some((text) => text !== undefined && text !== (first ?? '')))
    throw new Error('all servers of a Redis cluster need the same scheme, user and password');
  return first;
}

function serverOf(written: string, defaultPort: number): RedisServer {
  // The parser of web addresses knows hosts, IPv6 in brackets, and ports.
  const address = `http://${written}`;
  if (written === '' || !URL.canParse(address)) throw new Error(NO_URL);
  const { hostname, pathname, search, hash, username } = new URL(address);
  const isHost = hostname !== '' && pathname === '/' && `${search}${hash}${username}` === '';
  if (!isHost) throw new Error(NO_URL);
  const port = /:(\d+)$/.exec(written)?.[1];
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === undefined ? defaultPort : Number(port),
  };
}

function userOf(userInfo = ''): Pick<RedisAccess, 'username' | 'password'> {
  const colon = userInfo.indexOf(':');
  const username = decoded(colon < 0 ? userInfo : userInfo.slice(0, colon));
  const password = colon < 0 ? '' : decoded(userInfo.slice(colon + 1));
  if (username !== '' && password === '')
    throw new Error('the user of a Redis address needs a password: redis://user:password@host');
  return {
    username: username === '' ? undefined : username,
    password: password === '' ? undefined : password,
  };
}

function databaseOf(inPath: string | undefined, parameter: string | null): number {
  if (inPath !== undefined && parameter !== null)
    throw new Error('a Redis address names its database once, in the path or as ?db=');
  const database = inPath ?? parameter ?? '0';
  if (!/^\d{1,5}$/.test(database)) throw new Error('the path of a Redis address must be a database number');
  return Number(database);
}

function parametersOf(query: string | undefined, known: readonly string[]): URLSearchParams {
  const parameters = new URLSearchParams(query);
  for (const name of parameters.keys()) {
    if (!known.includes(name)) throw new Error(`a Redis address takes no parameter but ${known.join(', ')}`);
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('a percent sign in a Redis address must be written as %25');
  }
}
