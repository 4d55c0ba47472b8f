import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, networkInterfaces } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DEFAULT_STEPS, stepsSchema, type RelaxationStep } from './domain/pairing';
import { DEFAULT_PLANS, plansSchema } from './domain/plans';
import { iceServerSchema, type Plan } from './protocol';
import { parseRedisAddress } from './redis/address';

/**
 * Configuration that cannot be used; `faults` has one line for each fault (O4): first of single settings, then, when
 * each is right by itself, of those that do not go together.
 */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`configuration has ${faults.length} fault(s)`);
    this.name = 'ConfigError';
  }
}

const port = z.coerce.number().int().min(0).max(65535);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** A JSON file with plans, read once at start. */
const planFile = z
  .string()
  .min(1)
  .transform((file, context): unknown => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
      context.addIssue({ code: 'custom', message: `${file} ${why}` });
      return z.NEVER;
    }
  })
  .pipe(plansSchema);

/** As express takes them: an address, a subnet, or one of its names for private ones. */
const proxySchema = z.union(
  [z.enum(['loopback', 'linklocal', 'uniquelocal']), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'is no address, subnet, loopback, linklocal or uniquelocal',
);

/** Every variable, its form and its default. README's table says the same in words. */
const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  /** Origins whose pages may open a socket; empty: only pages served from here. */
  ALLOWED_ORIGINS: list
    .pipe(z.array(z.url({ protocol: /^https?$/, error: 'is no origin such as https://example.org' })))
    .default([]),
  /** Addresses or subnets of proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: list.pipe(z.array(proxySchema)).default([]),
  /** Where media arrives. A wildcard is announced as RTC_ANNOUNCED_ADDRESS, or as this machine's own address. */
  RTC_LISTEN_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
  RTC_ANNOUNCED_ADDRESS: z.string().min(1).optional(),
  /** First media port, UDP and TCP; each worker takes the next one. 0: any free port. */
  RTC_PORT: port.default(40_000),
  MEDIA_WORKERS: z.coerce.number().int().min(1).max(256).optional(),
  MEDIASOUP_WORKER_BIN: z.string().min(1).optional(),
  ICE_SERVERS: json(z.array(iceServerSchema)).default([]),
  DATA_DIR: z.string().min(1).default('data'),
  OPERATOR_TOKEN: z.string().min(16, 'needs at least 16 characters').optional(),
  /** Everything secret that this node derives comes from this: cookies, marks of addresses. The same on all nodes. */
  SECRET: z.string().min(32, 'needs at least 32 characters').optional(),
  MINIMUM_AGE: z.coerce.number().int().min(13).max(99).default(18),
  MONGODB_URI: z
    .url({ protocol: /^mongodb(\+srv)?$/, error: 'is no mongodb:// or mongodb+srv:// address' })
    .optional(),
  /** Where people reach this product, for links in letters and for payment pages. */
  PUBLIC_URL: z
    // What is no address has no path to be looked at.
    .url({ protocol: /^https?$/, error: 'is no http:// or https:// address', abort: true })
    .refine(
      (url) => new URL(url).pathname === '/',
      'has to be without a path: everything is served at the root',
    )
    .optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'is no smtp:// or smtps:// address' }).optional(),
  MAIL_FROM: z.string().min(3).default('Passerby <no-reply@localhost>'),
  PLANS_FILE: planFile.optional(),
  STRIPE_SECRET_KEY: z.string().min(8).optional(),
  STRIPE_WEBHOOK_SECRET: z.string().min(8).optional(),
  /** Stripe's price of each plan that is sold: `{"premium":"price_…"}`. */
  STRIPE_PRICES: json(z.record(z.string(), z.string().min(1))).default({}),
  /** For tests against a server of one's own: where Stripe's API is instead. */
  STRIPE_API_URL: z.url({ protocol: /^https?$/, error: 'is no http:// or https:// address' }).optional(),
  /** Redis, or several servers of a cluster with commas between: this is then one node of many. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\/[^,\s]+(,rediss?:\/\/[^,\s]+)*$/, 'is no redis:// or rediss:// address')
    .superRefine((text, context) => {
      try {
        parseRedisAddress(text);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
      }
    })
    .optional(),
  /** What this node does for the installation: sockets and media, or one of the two. */
  ROLE: z.enum(['all', 'signaling', 'media']).default('all'),
  /** Where media from other nodes arrives, if not where people's does, and what they are told. */
  PIPE_LISTEN_ADDRESS: z.union([z.ipv4(), z.ipv6()]).optional(),
  PIPE_ANNOUNCED_ADDRESS: z.string().min(1).optional(),
  /** How long a node that is told to stop may take to hand over to others what it has. */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(3600).default(60),
  REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'has to be 1 to 32 small letters, figures or hyphens')
    .default('local'),
  MATCH_STEPS: json(stepsSchema).default([...DEFAULT_STEPS]),
  SKIP_BURST: z.coerce.number().int().min(1).max(1000).default(6),
  SKIPS_PER_MINUTE: z.coerce.number().min(1).max(6000).default(12),
  MAX_SOCKETS: z.coerce.number().int().min(1).default(20_000),
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(1).default(64),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  /** One that is named has to be there; the default may be missing where nobody needs a page. */
  CLIENT_DIR: z
    .string()
    .refine((folder) => existsSync(path.join(folder, 'index.html')), 'is no folder with a built client')
    .default('build/client'),
});

export interface Config {
  readonly http: { readonly host: string; readonly port: number; readonly clientDir: string };
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly rtc: {
    readonly ip: string;
    readonly announcedAddress?: string;
    readonly port: number;
    readonly workers: number;
    readonly workerBin?: string;
    readonly pipe?: { readonly ip: string; readonly announcedAddress?: string };
  };
  readonly role: 'all' | 'signaling' | 'media';
  readonly redisUrl?: string;
  readonly drainMs: number;
  readonly iceServers: readonly z.infer<typeof iceServerSchema>[];
  readonly dataDir: string;
  readonly operatorToken?: string;
  readonly secret?: string;
  readonly minimumAge: number;
  readonly mongodbUri?: string;
  readonly publicUrl: string;
  readonly mail: { readonly smtpUrl?: string; readonly from: string };
  readonly plans: readonly Plan[];
  readonly stripe?: StripeConfig;
  readonly region: string;
  readonly matchSteps: readonly RelaxationStep[];
  readonly skips: { readonly burst: number; readonly perSecond: number };
  readonly sockets: { readonly most: number; readonly perAddress: number };
  readonly logLevel: string;
}

export interface StripeConfig {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly prices: ReadonlyMap<string, string>;
  /** Another place than Stripe's own. */
  readonly api?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
}

/** Reads and checks the environment. Throws `ConfigError`. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  // An empty variable, as compose files and shells leave it, means the same as none.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path[0]?.toString() ?? '?'}: ${wordsOf(issue)}`),
    );
  }
  const env = parsed.data;
  const plans = env.PLANS_FILE ?? DEFAULT_PLANS;
  const rtc = rtcConfig(env);
  const faults = [...billingFaults(env, plans), ...rtcFaults(env, rtc), ...nodeFaults(env)];
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    http: { host: env.HOST, port: env.PORT, clientDir: path.resolve(env.CLIENT_DIR) },
    // Our own pages too, where a proxy gives requests another host than people see.
    allowedOrigins: [...env.ALLOWED_ORIGINS, ...(env.PUBLIC_URL === undefined ? [] : [env.PUBLIC_URL])].map(
      (origin) => new URL(origin).origin,
    ),
    trustedProxies: env.TRUSTED_PROXIES,
    rtc,
    role: env.ROLE,
    ...(env.REDIS_URL === undefined ? {} : { redisUrl: env.REDIS_URL }),
    drainMs: env.DRAIN_SECONDS * 1000,
    iceServers: env.ICE_SERVERS,
    dataDir: path.resolve(env.DATA_DIR),
    ...(env.OPERATOR_TOKEN === undefined ? {} : { operatorToken: env.OPERATOR_TOKEN }),
    ...(env.SECRET === undefined ? {} : { secret: env.SECRET }),
    minimumAge: env.MINIMUM_AGE,
    ...(env.MONGODB_URI === undefined ? {} : { mongodbUri: env.MONGODB_URI }),
    publicUrl: env.PUBLIC_URL === undefined ? `http://localhost:${env.PORT}` : new URL(env.PUBLIC_URL).origin,
    mail: { from: env.MAIL_FROM, ...(env.SMTP_URL === undefined ? {} : { smtpUrl: env.SMTP_URL }) },
    plans,
    ...stripeConfig(env),
    region: env.REGION,
    matchSteps: env.MATCH_STEPS,
    skips: { burst: env.SKIP_BURST, perSecond: env.SKIPS_PER_MINUTE / 60 },
    sockets: { most: env.MAX_SOCKETS, perAddress: env.SOCKETS_PER_ADDRESS },
    logLevel: env.LOG_LEVEL,
  });
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  array: 'a list',
  record: 'an object',
  object: 'an object',
};

/** What is wrong with a single setting, in words for who sets it; where in it, if it has parts. */
function wordsOf(issue: z.core.$ZodIssue): string {
  const within = issue.path
    .slice(1)
    .map((part) => (typeof part === 'number' ? `item ${part + 1} ` : `${part.toString()} `))
    .join('');
  return within + requirementOf(issue);
}

function requirementOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return `may ${verbOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      // A word of ours says more than one put together.
      return issue.message.startsWith('Too small')
        ? `has to ${verbOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`
        : issue.message;
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`;
    default:
      return issue.message;
  }
}

const verbOf = (origin: string): string => (origin === 'array' ? 'name' : 'be');
const unitOf = (origin: string): string => (origin === 'string' ? ' characters long' : '');

type Environment = z.infer<typeof environmentSchema>;

function rtcConfig(env: Environment): Config['rtc'] {
  const ip = env.RTC_LISTEN_ADDRESS ?? (isLoopback(env.HOST) ? '127.0.0.1' : '0.0.0.0');
  const announced = env.RTC_ANNOUNCED_ADDRESS ?? (isWildcard(ip) ? ownAddress() : undefined);
  return {
    ip,
    ...(announced === undefined ? {} : { announcedAddress: announced }),
    port: env.RTC_PORT,
    workers: env.MEDIA_WORKERS ?? availableParallelism(),
    ...pipeConfig(env, ip),
    ...(env.MEDIASOUP_WORKER_BIN === undefined ? {} : { workerBin: env.MEDIASOUP_WORKER_BIN }),
  };
}

function pipeConfig(env: Environment, ip: string): Pick<Config['rtc'], 'pipe'> {
  const { PIPE_LISTEN_ADDRESS: listen, PIPE_ANNOUNCED_ADDRESS: announced } = env;
  if (listen === undefined && announced === undefined) return {};
  return {
    pipe: { ip: listen ?? ip, ...(announced === undefined ? {} : { announcedAddress: announced }) },
  };
}

/** One node of many shares its secret and its work with the others. */
const nodeFaults = ({ REDIS_URL: redis, SECRET: secret, ROLE: role }: Environment): string[] => [
  ...(redis !== undefined && secret === undefined
    ? ['SECRET: is needed beside REDIS_URL, the same on all nodes']
    : []),
  ...(redis === undefined && role !== 'all'
    ? [`ROLE: ${role} is only half of a node; the other half has to be found through REDIS_URL`]
    : []),
];

const rtcFaults = (env: Environment, { ip, announcedAddress, workers }: Config['rtc']): string[] => [
  ...(isWildcard(ip) && announcedAddress === undefined
    ? [
        'RTC_ANNOUNCED_ADDRESS: is needed, since media listens everywhere and this machine has no address of its own',
      ]
    : []),
  ...(env.RTC_PORT !== 0 && env.RTC_PORT + workers - 1 > 65535
    ? [`RTC_PORT: ${env.RTC_PORT} leaves no room for ${workers} workers below 65536`]
    : []),
];

/** Money is taken only where everything for it is set. */
function billingFaults(env: Environment, plans: readonly Plan[]): string[] {
  const {
    STRIPE_SECRET_KEY: key,
    STRIPE_WEBHOOK_SECRET: webhook,
    STRIPE_PRICES: prices,
    PUBLIC_URL: url,
  } = env;
  const sold = Object.keys(prices);
  if (key === undefined && webhook === undefined) {
    return sold.length === 0 ? [] : ['STRIPE_PRICES: sells nothing without STRIPE_SECRET_KEY'];
  }
  return [
    ...(key === undefined ? ['STRIPE_SECRET_KEY: is needed beside STRIPE_WEBHOOK_SECRET'] : []),
    ...(webhook === undefined ? ['STRIPE_WEBHOOK_SECRET: is needed beside STRIPE_SECRET_KEY'] : []),
    ...(url === undefined ? ['PUBLIC_URL: is needed to sell plans'] : []),
    ...(sold.length === 0 ? ['STRIPE_PRICES: names no plan to sell'] : []),
    ...sold
      .filter((id) => !plans.some((plan) => plan.id === id && plan.price !== null))
      .map((id) => `STRIPE_PRICES: there is no plan ${id} that costs something`),
  ];
}

function stripeConfig(env: Environment): { stripe?: StripeConfig } {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_URL: apiUrl } = env;
  if (secretKey === undefined || webhookSecret === undefined) return {};
  const prices = new Map(Object.entries(env.STRIPE_PRICES));
  return {
    stripe: { secretKey, webhookSecret, prices, ...(apiUrl === undefined ? {} : { api: placeOf(apiUrl) }) },
  };
}

function placeOf(url: string): { host: string; port: number; protocol: 'http' | 'https' } {
  const { hostname, port, protocol } = new URL(url);
  const isHttp = protocol === 'http:';
  return {
    host: hostname,
    port: port === '' ? (isHttp ? 80 : 443) : Number(port),
    protocol: isHttp ? 'http' : 'https',
  };
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');
const isWildcard = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';

/** The first address of this machine that is not loopback: right for a machine in one network. */
function ownAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
}
