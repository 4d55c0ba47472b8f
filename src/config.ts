import { availableParallelism, networkInterfaces } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { DEFAULT_STEPS, stepsSchema, type RelaxationStep } from './domain/pairing';
import { iceServerSchema } from './protocol';

/** Configuration that cannot be used; `faults` has one line for each fault, all of them at once (O4). */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`configuration has ${faults.length} fault(s)`);
    this.name = 'ConfigError';
  }
}

const port = z.coerce.number().int().min(0).max(65535);
const flag = z.enum(['true', 'false']).transform((word) => word === 'true');
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
  ALLOWED_ORIGINS: list.pipe(z.array(z.url())).default([]),
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
  ADMIT_MINORS: flag.default(false),
  REGION: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/)
    .default('local'),
  MATCH_STEPS: json(stepsSchema).default([...DEFAULT_STEPS]),
  SKIP_BURST: z.coerce.number().int().min(1).max(1000).default(6),
  SKIPS_PER_MINUTE: z.coerce.number().min(1).max(6000).default(12),
  MAX_SOCKETS: z.coerce.number().int().min(1).default(20_000),
  SOCKETS_PER_ADDRESS: z.coerce.number().int().min(1).default(64),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  CLIENT_DIR: z.string().min(1).default('build/client'),
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
  };
  readonly iceServers: readonly z.infer<typeof iceServerSchema>[];
  readonly dataDir: string;
  readonly operatorToken?: string;
  readonly admitMinors: boolean;
  readonly region: string;
  readonly matchSteps: readonly RelaxationStep[];
  readonly skips: { readonly burst: number; readonly perSecond: number };
  readonly sockets: { readonly most: number; readonly perAddress: number };
  readonly logLevel: string;
}

/** Reads and checks the environment. Throws `ConfigError` naming every fault. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  // An empty variable, as compose files and shells leave it, means the same as none.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(({ path: at, message }) => `${at[0]?.toString() ?? '?'}: ${message}`),
    );
  }
  const env = parsed.data;
  const ip = env.RTC_LISTEN_ADDRESS ?? (isLoopback(env.HOST) ? '127.0.0.1' : '0.0.0.0');
  const announced = env.RTC_ANNOUNCED_ADDRESS ?? (isWildcard(ip) ? ownAddress() : undefined);
  const workers = env.MEDIA_WORKERS ?? availableParallelism();
  const faults = [
    ...(isWildcard(ip) && announced === undefined
      ? [
          'RTC_ANNOUNCED_ADDRESS: is needed, since media listens everywhere and this machine has no address of its own',
        ]
      : []),
    ...(env.RTC_PORT !== 0 && env.RTC_PORT + workers - 1 > 65535
      ? [`RTC_PORT: ${env.RTC_PORT} leaves no room for ${workers} workers below 65536`]
      : []),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({
    http: { host: env.HOST, port: env.PORT, clientDir: path.resolve(env.CLIENT_DIR) },
    allowedOrigins: env.ALLOWED_ORIGINS.map((origin) => new URL(origin).origin),
    trustedProxies: env.TRUSTED_PROXIES,
    rtc: {
      ip,
      ...(announced === undefined ? {} : { announcedAddress: announced }),
      port: env.RTC_PORT,
      workers,
      ...(env.MEDIASOUP_WORKER_BIN === undefined ? {} : { workerBin: env.MEDIASOUP_WORKER_BIN }),
    },
    iceServers: env.ICE_SERVERS,
    dataDir: path.resolve(env.DATA_DIR),
    ...(env.OPERATOR_TOKEN === undefined ? {} : { operatorToken: env.OPERATOR_TOKEN }),
    admitMinors: env.ADMIT_MINORS,
    region: env.REGION,
    matchSteps: env.MATCH_STEPS,
    skips: { burst: env.SKIP_BURST, perSecond: env.SKIPS_PER_MINUTE / 60 },
    sockets: { most: env.MAX_SOCKETS, perAddress: env.SOCKETS_PER_ADDRESS },
    logLevel: env.LOG_LEVEL,
  });
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
