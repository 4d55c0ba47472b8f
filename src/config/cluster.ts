import { z } from 'zod';
import { isWildcard } from '../domain/addresses';
import { parseRedisAddress } from '../domain/redis-address';
import { wholeNumber } from './forms';
import type { MediaConfig } from './media';
import type { StorageValues } from './storage';
import { defineFeature, optionalVariable, variable, type ValuesOf } from './variable';

/** The message of an address that cannot be parsed never repeats it: it may hold a password. */
const redisUrl = z.string().superRefine((text, context) => {
  try {
    parseRedisAddress(text);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
  }
});

export const cluster = defineFeature('Many nodes', {
  REDIS_URL: optionalVariable({
    schema: redisUrl,
    defaultInWords: 'none: a node alone',
    example: 'redis://10.0.0.5',
    description:
      'Address of Redis 7 or newer, which makes this one node of many: `redis://[user:password@]host[:port][/database]`, with TLS `rediss://`. Several hosts with commas between are servers of one cluster. `redis+sentinel://a,b,c/primary` asks sentinels for the primary, `unix:///run/redis.sock` is a socket. It needs `SECRET`.',
  }),
  ROLE: variable({
    schema: z.enum(['all', 'signaling', 'media']),
    default: 'all',
    description:
      'What this node does: `all`, `signaling` (sockets and HTTP, no media) or `media` (only the lines that carry media). The last two need `REDIS_URL`.',
  }),
  REGION: variable({
    schema: z.string().regex(/^[a-z0-9-]{1,32}$/, 'has to be 1 to 32 small letters, figures or hyphens'),
    default: 'local',
    description:
      "This node's region: 1 to 32 lower-case letters, digits or hyphens. Peers are matched within their region, and call records name it. Regions in which few peers search are matched together.",
  }),
  DRAIN_SECONDS: variable({
    schema: wholeNumber(0, 3600),
    default: '60',
    description:
      'How many seconds, 0 to 3600, a node of many may take after a SIGTERM to hand its peers, lines and calls over to other nodes. After that it stops all the same. A second SIGTERM stops it at once.',
  }),
});

type ClusterValues = ValuesOf<typeof cluster>;

export interface ClusterConfig {
  /** One address, or several of one Redis cluster with commas between. Absent: the only node there is. */
  readonly redisUrl?: string;
  readonly role: 'all' | 'signaling' | 'media';
  readonly region: string;
  /** How long a node that is told to stop may take to hand over what it has (ms). */
  readonly drainMs: number;
}

export const clusterConfig = (values: ClusterValues): ClusterConfig => ({
  ...(values.REDIS_URL === undefined ? {} : { redisUrl: values.REDIS_URL }),
  role: values.ROLE,
  region: values.REGION,
  drainMs: values.DRAIN_SECONDS * 1000,
});

/** One node of many shares its secret and its work with the others. */
export const clusterProblems = (
  { REDIS_URL: redis, ROLE: role }: ClusterValues,
  { SECRET: secret }: StorageValues,
  { rtc: { pipe } }: MediaConfig,
): string[] => [
  ...(redis !== undefined && secret === undefined
    ? ['SECRET: is needed beside REDIS_URL, the same on all nodes']
    : []),
  ...(redis === undefined && role !== 'all'
    ? [`ROLE: ${role} is only half of a node; the other half has to be found through REDIS_URL`]
    : []),
  ...(redis !== undefined && pipe !== undefined && isWildcard(pipe.ip) && pipe.announcedAddress === undefined
    ? ['PIPE_ANNOUNCED_ADDRESS: is needed beside a PIPE_LISTEN_ADDRESS of all addresses, which name none']
    : []),
];
