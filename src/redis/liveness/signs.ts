import { z } from 'zod';
import { mayHaveBeenDeclaredDead, UNHEARD_DEAD_AFTER_MS } from '../../domain/failure-detection';
import type { Silences } from '../../app/cluster/ports/node-liveness';
import type { NodeAddress } from '../../app/ports/bus';
import type { RedisConnection } from '../connection';
import { KEY_PREFIX } from '../key-prefix';

/** How long Redis keeps a node's last sign of life (ms): as long as it may matter how long ago it was. */
const KEPT_MS = 10_000;

const sinceSchema = z.number().int();
/** Of each node that was asked about: for how long it has sent without a gap, and how long ago it sent last. */
const agesSchema = z.array(z.tuple([z.number().int(), z.number().int()]).or(z.literal('')));
type Ages = z.infer<typeof agesSchema>[number];

const silentMs = (ages: Ages | undefined): number | null =>
  ages === undefined || ages === '' ? null : ages[1];

/** For how long the node has sent that has sent for longest, of those that do at this moment. */
function watchedMs(nodes: readonly (Ages | undefined)[]): number | null {
  const watched = nodes.flatMap((ages) =>
    ages === undefined || ages === '' || mayHaveBeenDeclaredDead(ages[1]) ? [] : [ages[0]],
  );
  return watched.length === 0 ? null : Math.max(...watched);
}

/**
 * The nodes' signs of life in Redis: a key for each node, all in one slot. All times are of the Redis server, so they
 * do not depend on the clocks of the nodes, nor on how late a node sends or reads.
 */
export class Signs {
  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix = KEY_PREFIX,
  ) {}

  /** Answers with since when signs of this node have come without a gap, by the server's time (ms). */
  async send(node: NodeAddress): Promise<number> {
    const sent = this.redis.client.sendSign(this.keyOf(node), UNHEARD_DEAD_AFTER_MS, KEPT_MS);
    return sinceSchema.parse(await this.redis.answer(sent));
  }

  async read(self: NodeAddress, nodes: readonly NodeAddress[]): Promise<Silences> {
    const keys = [self, ...nodes].map((node) => this.keyOf(node));
    const asked = this.redis.client.readSigns(keys.length, ...keys);
    const [own, ...others] = agesSchema.parse(await this.redis.answer(asked));
    const silent = new Map(nodes.map((node, at) => [node, silentMs(others[at])]));
    return { watchedMs: watchedMs([own, ...others]), silentMs: (node) => silent.get(node) ?? null };
  }

  private keyOf(node: NodeAddress): string {
    return `${this.prefix}{signs}:${node}`;
  }
}
