import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosNode } from '../nodes/chaos-node';
import type { Installation } from '../nodes/installation';

/** Somebody who was away when all left is remembered for their grace, and a little longer by the home of their call. */
const WITHIN_MS = 30_000;
const LOOK_MS = 500;

const GAUGES = [
  'sockets',
  'people_online',
  'people_connected',
  'calls',
  'lines',
  'consumers',
  'pipes',
] as const;

/** Waits until nothing of anybody is left on any node. Returns what is left all the same. */
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
  const { total, activeRooms } = JSON.parse(stats) as { total: number; activeRooms: number };
  const counts: [string, number][] = [
    ['people (on all nodes)', total],
    ['rooms', activeRooms],
    ...GAUGES.map((name): [string, number] => [name, gauge(metrics, `passerby_${name}`)]),
  ];
  return counts.filter(([, count]) => count !== 0).map(([name, count]) => `${node.name}: ${count} ${name}`);
}

const gauge = (metrics: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1] ?? Number.NaN);
