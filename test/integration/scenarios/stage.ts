import { ProtocolClient } from '../../support/client';
import { eventually } from '../../support/eventually';
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

  constructor(start: StartSite, environment: Record<string, string> = {}) {
    beforeAll(async () => {
      this.running = await start(environment);
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

  /** All clients leave, and no state may be left on any node. */
  private async clear(): Promise<void> {
    const clients = this.clients.splice(0);
    for (const client of clients) expect(client.violations).toEqual([]);
    for (const client of clients) client.close();
    const { nodes } = this;
    const isEmpty = (): boolean =>
      nodes.every(({ parts }) => parts.calls.size === 0 && [...parts.peers.all()].length === 0);
    await eventually(isEmpty, SETTLE_MS);
    for (const { parts } of nodes) {
      expect([...parts.remoteCalls.all()]).toEqual([]);
      expect(parts.lines.owners()).toEqual([]);
      // Tickets are taken back in the background.
      await eventually(async () => (await parts.tickets.shards()).length === 0, SETTLE_MS);
    }
  }
}
