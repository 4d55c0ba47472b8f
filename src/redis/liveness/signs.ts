import { z } from 'zod';
import { mayHaveBeenDeclaredDead, UNHEARD_DEAD_AFTER_MS } from '../../domain/failure-detection';
import type { Silences } from '../../app/cluster/ports/node-liveness';
import type { NodeAddress } from '../../app/ports/bus';
import type { RedisConnection } from '../connection';
import { KEY_PREFIX } from '../key-prefix';

/** How long Redis keeps a node's last sign of life (ms): as long as it may matter how long ago it was. */
const KEPT_MS = 10_000;

const sinceSchema = z.number().int();
const agesSchema = z.array(z.number().int()).min(2);
const known = (ms: number | undefined): number | null => (ms === undefined || ms < 0 ? null : ms);

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
    const [watched, own, ...ages] = agesSchema.parse(await this.redis.answer(asked));
    const silent = new Map(nodes.map((node, at) => [node, known(ages[at])]));
    return {
      watchedMs: mayHaveBeenDeclaredDead(known(own)) ? null : known(watched),
      silentMs: (node) => silent.get(node) ?? null,
    };
  }

  private keyOf(node: NodeAddress): string {
    return `${this.prefix}{signs}:${node}`;
  }
}
