import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Installation } from '../nodes/installation';

/** A contradiction has to be found twice: a call does not end on two nodes in the same millisecond. */
const AGAIN_MS = 3_000;
/** How often a node is asked that does not answer, and how long apart. */
const TRIES = 3;
const RETRY_MS = 1_000;

const roomsSchema = z.object({
  rooms: z.array(z.object({ id: z.string(), users: z.array(z.string()) })),
});

/** The calls that one node owns; null: it did not answer. */
export interface NodeRooms {
  readonly node: string;
  readonly rooms: readonly { readonly id: string; readonly users: readonly string[] }[] | null;
}

export interface RoomsAudit {
  /** Peers in several calls, and calls that several nodes own. */
  readonly contradictions: readonly string[];
  /** Nodes whose calls are unknown: the audit proves nothing about them. */
  readonly unanswered: readonly string[];
}

/** The calls of all nodes: each peer is in one of them at most, and each call is owned by one node. */
export async function auditRooms(installation: Installation): Promise<RoomsAudit> {
  const first = judgeRooms(await roomsOf(installation));
  if (first.contradictions.length === 0 && first.unanswered.length === 0) return first;
  await sleep(AGAIN_MS);
  const second = judgeRooms(await roomsOf(installation));
  return {
    contradictions: first.contradictions.filter((wrong) => second.contradictions.includes(wrong)),
    unanswered: second.unanswered,
  };
}

/** What these lists of calls contradict, and whose list is missing. */
export function judgeRooms(nodes: readonly NodeRooms[]): RoomsAudit {
  const owners = new Map<string, string[]>();
  const calls = new Map<string, string[]>();
  const add = (to: Map<string, string[]>, key: string, value: string): void =>
    void to.set(key, [...(to.get(key) ?? []), value]);
  for (const { node, rooms } of nodes) {
    for (const { id, users } of rooms ?? []) {
      add(owners, id, node);
      for (const user of users) add(calls, user, `${id} (${node})`);
    }
  }
  const several = (of: Map<string, string[]>, words: string): string[] =>
    [...of]
      .filter(([, all]) => all.length > 1)
      .map(([one, all]) => `${one} is ${words} ${all.sort().join(' and ')}`);
  return {
    contradictions: [...several(owners, 'owned by'), ...several(calls, 'in')],
    unanswered: nodes
      .filter(({ rooms }) => rooms === null)
      .map(({ node }) => `the calls of ${node} are unknown`),
  };
}

const roomsOf = (installation: Installation): Promise<NodeRooms[]> =>
  Promise.all(
    installation.nodes.map(async (node) => {
      for (let tries = 1; ; tries += 1) {
        const body = await installation.read(node, '/videochat/rooms');
        if (body !== null) return { node: node.name, rooms: roomsSchema.parse(JSON.parse(body)).rooms };
        if (tries === TRIES) return { node: node.name, rooms: null };
        await sleep(RETRY_MS);
      }
    }),
  );
