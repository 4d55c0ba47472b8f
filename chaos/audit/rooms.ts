import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../nodes/installation';

/** What is wrong has to be so twice: a call that ends is not over on two nodes in the same millisecond. */
const AGAIN_MS = 3_000;

/** The calls of all nodes: each person in one of them at most, each at home on one node. Returns what is not so. */
export async function auditRooms(installation: Installation): Promise<string[]> {
  const first = await wrongRooms(installation);
  if (first.length === 0) return [];
  await sleep(AGAIN_MS);
  const second = new Set(await wrongRooms(installation));
  return first.filter((wrong) => second.has(wrong));
}

async function wrongRooms(installation: Installation): Promise<string[]> {
  const homes = new Map<string, string[]>();
  const calls = new Map<string, string[]>();
  for (const node of installation.nodes) {
    const body = await installation.read(node, '/videochat/rooms');
    const { rooms } = JSON.parse(body ?? '{"rooms":[]}') as { rooms: { id: string; users: string[] }[] };
    for (const { id, users } of rooms) {
      homes.set(id, [...(homes.get(id) ?? []), node.name]);
      for (const user of users) calls.set(user, [...(calls.get(user) ?? []), `${id} (${node.name})`]);
    }
  }
  const several = (of: Map<string, string[]>, words: string): string[] =>
    [...of]
      .filter(([, all]) => all.length > 1)
      .map(([one, all]) => `${one} is ${words} ${all.sort().join(' and ')}`);
  return [...several(homes, 'at home on'), ...several(calls, 'in')];
}
