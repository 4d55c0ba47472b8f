import { HAS_REDIS } from './redis-server';

export { RedisClusterServers, RedisServer } from './redis-server';

export const describeWithRedis = HAS_REDIS ? describe : describe.skip;
