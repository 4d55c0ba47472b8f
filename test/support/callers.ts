import { LIMITS } from '../../src/protocol';
import { ProtocolClient } from './client';
import { eventually } from './eventually';
import type { TestNode } from './node';

/** How a node takes clients at their word about where they come from, and has room as by default. */
export const FROM_ANYWHERE = {
  MEDIA_WORKERS: '1',
  TRUSTED_PROXIES: 'loopback',
  GUESTS_PER_ADDRESS: '10',
  MATCH_STEPS: '[{"afterMs":0,"minScore":0,"circle":"anyone"}]',
};

/** Addresses of which no two are in one network. */
export function* strangers(): Generator<string, never> {
  for (let n = 0; ; n = (n + 1) % 60_000) yield `10.${n >> 8}.${n & 255}.1`;
}

/** A client that comes from this address; undefined: it is told to come again later. */
export async function comeFrom(
  node: TestNode,
  address: string,
  resumeToken?: string,
): Promise<ProtocolClient | undefined> {
  const client = await ProtocolClient.open(node.wsUrl, { 'x-forwarded-for': address });
  const token = resumeToken === undefined ? {} : { resumeToken };
  client.send('hello', { protocol: LIMITS.protocolVersion, ...token });
  await eventually(() => client.received.some(({ event }) => event === 'connected' || event === 'error'));
  if (client.received.some(({ event }) => event === 'error')) return undefined;
  client.handshake = await client.next('connected');
  return client;
}

/** As `comeFrom`, for a client that has to be let in. */
export async function letIn(node: TestNode, address: string): Promise<ProtocolClient> {
  const client = await comeFrom(node, address);
  if (client === undefined) throw new Error(`nobody from ${address} is let in`);
  return client;
}

/** Searches; answers with the pause before the search begins (ms). */
export async function pauseOfSearch(client: ProtocolClient): Promise<number> {
  await client.search();
  return (await client.next('waiting_for_partner')).pauseMs;
}

export interface MetStranger {
  readonly callId: string;
  readonly stranger: ProtocolClient;
}

/** Somebody from elsewhere waits, and the client, who searches, meets them. */
export async function meetStranger(
  node: TestNode,
  client: ProtocolClient,
  { from, search }: { from: Iterator<string, never>; search: (client: ProtocolClient) => Promise<number> },
): Promise<MetStranger & { pauseMs: number }> {
  const stranger = await letIn(node, from.next().value);
  await stranger.search();
  const pauseMs = await search(client);
  const { callId } = await client.next('partner_found', undefined, 15_000);
  await stranger.next('partner_found', undefined, 15_000);
  return { callId, stranger, pauseMs };
}
