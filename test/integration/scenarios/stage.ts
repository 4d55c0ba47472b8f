import { callKey } from '../../../src/app/calls/snapshots';
import { gatewayKey } from '../../../src/app/peers/gateway-lease';
import { ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';
import type { LeaseStore } from '../../../src/app/ports/lease-store';
import type { MediaStats } from '../../../src/app/lines/media-node';
import type { TestNode } from '../../support/node';

/** Where scenarios are played: one node, or several that form one installation. */
export interface Site {
  readonly nodes: readonly TestNode[];
  close(): Promise<void>;
}

export type StartSite = (environment?: Record<string, string>) => Promise<Site>;

export interface MetPair {
  readonly one: ProtocolClient;
  readonly other: ProtocolClient;
  readonly callId: string;
}

const SETTLE_MS = 5_000;

/**
 * A site for the tests of one `describe`, started before them and closed after them. The clients of a test are spread
 * over the nodes in turn, so that on one node they all share it and on several two of them never do.
 */
export class Stage {
  private running: Site | undefined;
  private readonly clients: ProtocolClient[] = [];
  /** Calls that were opened in this test, on any node. */
  private readonly callIds = new Set<string>();

  constructor(start: StartSite, environment: Record<string, string> = {}) {
    beforeAll(async () => {
      this.running = await start(environment);
      for (const { parts } of this.nodes) parts.calls.on({ opened: ({ id }) => this.callIds.add(id) });
    });
    afterAll(() => this.running?.close());
    afterEach(() => this.clear());
  }

  get nodes(): readonly TestNode[] {
    if (this.running === undefined) throw new Error('the site has not been started');
    return this.running.nodes;
  }

  /** Calls over all nodes. */
  get calls(): number {
    return this.nodes.reduce((sum, { parts }) => sum + parts.calls.size, 0);
  }

  /** A client on the next node. */
  join(): Promise<ProtocolClient> {
    return this.joinAt(this.clients.length);
  }

  /** A further window of the same browser, on the next node. */
  openWindow(of: ProtocolClient): Promise<ProtocolClient> {
    return this.joinAt(this.clients.length, undefined, { cookie: of.cookie ?? '' });
  }

  /** A client comes back, to the next node. */
  comeBack(of: ProtocolClient): Promise<ProtocolClient> {
    return this.joinAt(this.clients.length, of.handshake.resumeToken);
  }

  /** A client on the node of this number; numbers beyond the last node begin anew. */
  async joinAt(
    index: number,
    resumeToken?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ProtocolClient> {
    const node = this.nodes[index % this.nodes.length];
    if (node === undefined) throw new Error('a site has nodes');
    const client = await ProtocolClient.connect(node.wsUrl, resumeToken, headers);
    this.clients.push(client);
    return client;
  }

  async meet(wishes: Parameters<ProtocolClient['search']>[0] = {}): Promise<MetPair> {
    const [one, other] = [await this.join(), await this.join()];
    await Promise.all([one.search(wishes), other.search(wishes)]);
    const [found, same] = await Promise.all([one.next('partner_found'), other.next('partner_found')]);
    expect(same.callId).toBe(found.callId);
    return { one, other, callId: found.callId };
  }

  /** All clients leave, and no state may be left on any node, nor in the store that the nodes share. */
  private async clear(): Promise<void> {
    const clients = this.clients.splice(0);
    for (const client of clients) expect(client.violations).toEqual([]);
    for (const client of clients) client.close();
    const { nodes } = this;
    const isEmpty = (): boolean =>
      nodes.every(({ parts }) => parts.calls.size === 0 && [...parts.peers.all()].length === 0);
    await eventually(isEmpty, SETTLE_MS);
    const calls = [...this.callIds];
    this.callIds.clear();
    const leases = [...clients.map(({ id }) => gatewayKey(id)), ...calls.map(callKey)];
    for (const { parts } of nodes) {
      expect([...parts.remoteCalls.all()]).toEqual([]);
      expect(parts.lines.owners()).toEqual([]);
      expect(parts.bridges.size).toBe(0);
      // Tickets and media on other nodes are taken back in the background.
      await eventually(async () => (await parts.tickets.shards()).length === 0, SETTLE_MS);
      await eventually(() => isWithoutMedia(parts.media.stats()), SETTLE_MS);
      await expectReleased(parts.leases, leases);
    }
  }
}

const isWithoutMedia = ({ lines, bridges, producers, consumers, pipes }: MediaStats): boolean =>
  lines + bridges + producers + consumers + pipes === 0;

/** Leases are released in the background. They last a minute, so one that was forgotten is still there. */
async function expectReleased(leases: Pick<LeaseStore, 'find'>, keys: readonly string[]): Promise<void> {
  const held = async (): Promise<string[]> => {
    const found = await Promise.all(keys.map((key) => leases.find(key)));
    return keys.filter((_, index) => found[index] !== null);
  };
  // A failure shows which lease is left.
  await eventually(async () => (await held()).length === 0, SETTLE_MS).catch(() => undefined);
  expect(await held()).toEqual([]);
}
