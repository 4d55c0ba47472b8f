import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ChaosNode } from '../nodes/chaos-node';
import type { Installation } from '../nodes/installation';
import { metric } from './records';

/** A peer that was away when all left is kept for its grace period, and a bit longer by the owner node of its call. */
const WITHIN_MS = 30_000;
const LOOK_MS = 500;

const GAUGES = [
  'sockets',
  'peers_online',
  'peers_connected',
  'calls',
  'lines',
  'bridges',
  'consumers',
  'pipes',
  // Changes of records that are not in the store yet.
  'records_buffered',
  'records_spooled',
] as const;

const statsSchema = z.object({ total: z.number(), activeRooms: z.number() });

/** Waits until no state is left on any node. Returns what is left all the same. */
export async function auditLeftovers(installation: Installation): Promise<string[]> {
  const until = Date.now() + WITHIN_MS;
  for (;;) {
    const left = (await Promise.all(installation.nodes.map((node) => leftOn(installation, node)))).flat();
    if (left.length === 0 || Date.now() >= until) return left;
    await sleep(LOOK_MS);
  }
}

async function leftOn(installation: Installation, node: ChaosNode): Promise<string[]> {
  const [metrics, stats] = await Promise.all([
    installation.read(node, '/metrics'),
    installation.read(node, '/videochat/stats'),
  ]);
  if (metrics === null || stats === null) return [`${node.name} does not answer`];
  const { total, activeRooms } = statsSchema.parse(JSON.parse(stats));
  const counts: [string, number][] = [
    ['peers (on all nodes)', total],
    ['rooms', activeRooms],
    ...GAUGES.map((name): [string, number] => [name, metric(metrics, `passerby_${name}`)]),
  ];
  return counts.filter(([, count]) => count !== 0).map(([name, count]) => `${node.name}: ${count} ${name}`);
}
