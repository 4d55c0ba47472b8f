import type { ClientInput, ServerMessage } from '../../src/protocol';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient, RequestError } from '../support/client';
import { seeded } from '../support/random';

/** How long the crowd moves about; the whole minute unless a quicker look is asked for. */
const SECONDS = Number(process.env['CROWD_SECONDS'] ?? 60);
const CROWD = 200;
/** Clients arrive within this time: all at once would measure how fast a busy machine makes handshakes. */
const ARRIVAL_MS = 2_000;

let node: TestNode;
beforeAll(async () => {
  node = await startNode({ MATCH_STEPS: '[{"afterMs":0,"minScore":0,"circle":"anyone"}]' });
});
afterAll(() => node.close());

interface Pairing {
  readonly callId: string;
  readonly one: string;
  readonly other: string;
}

/**
 * One of the crowd: drives a client that searches, writes, skips, blocks, drops and comes back, at random. It reads its
 * messages only now and then, and not at once as an autonomous client does, so that messages cross.
 */
class RandomVisitor {
  client!: ProtocolClient;
  readonly pairings: Pairing[] = [];
  readonly trouble: string[] = [];
  sent = 0;
  private callId: string | undefined;
  private searching = false;

  constructor(
    private readonly url: string,
    private readonly random: () => number,
  ) {}

  async visit(until: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.random() * ARRIVAL_MS));
    await this.arrive();
    while (Date.now() < until) {
      this.listen();
      try {
        await this.act();
      } catch (error) {
        this.excuse(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 40 + this.random() * 400));
    }
    this.listen();
    this.trouble.push(...this.client.violations);
  }

  private async arrive(resumeToken?: string): Promise<void> {
    this.client = await ProtocolClient.connect(this.url, resumeToken);
    if (!this.client.handshake.resumed) {
      this.callId = undefined;
      this.searching = false;
    }
  }

  /** Takes in what has happened since the last look, in its order. */
  private listen(): void {
    for (const message of this.client.received.splice(0)) this.heed(message);
  }

  private heed({ event, data }: ServerMessage): void {
    switch (event) {
      case 'partner_found': {
        const { callId, partner, again } = data;
        if (this.callId !== undefined && this.callId !== callId)
          this.trouble.push(`${callId} while in ${this.callId}`);
        this.callId = callId;
        this.searching = false;
        if (!again) this.pairings.push({ callId, one: this.client.id, other: partner.id });
        return;
      }
      case 'partner_disconnected':
        if (data.callId === this.callId) this.callId = undefined;
        return;
      case 'waiting_for_partner':
        this.searching = true;
        this.callId = undefined;
        return;
      case 'chat_message':
        this.client.send('message_delivered', { callId: data.callId, id: data.id });
        if (this.random() < 0.5) this.client.send('message_read', { callId: data.callId, id: data.id });
        return;
      case 'error':
        if (data.code === 'internal') this.trouble.push('internal');
        return;
      default:
        return;
    }
  }

  private async act(): Promise<void> {
    const dice = this.random();
    if (dice < 0.03) {
      const { resumeToken } = this.client.handshake;
      if (this.random() < 0.5) this.client.drop();
      else this.client.close();
      return this.arrive(resumeToken);
    }
    const { callId } = this;
    if (callId !== undefined) {
      if (dice < 0.5) {
        this.sent += 1;
        await this.client.request('chat_message', {
          callId,
          id: `m${this.sent}`,
          text: `message ${this.sent}`,
        });
      } else if (dice < 0.8) {
        this.callId = undefined;
        await this.client.request('next_partner', { callId });
      } else if (dice < 0.85) {
        this.callId = undefined;
        await this.client.request('leave_room', { callId });
      } else if (dice < 0.86) {
        this.callId = undefined;
        await this.client.request('block_user', { callId });
      } else await this.client.request('typing', { callId, typing: dice < 0.9 });
      return;
    }
    if (!this.searching) await this.client.search(this.wishes());
    else if (dice < 0.15) {
      await this.client.request('cancel_search', {});
      this.searching = false;
    }
  }

  private wishes(): Partial<ClientInput<'find_partner'>> {
    const gender = (['female', 'male'] as const)[Math.floor(this.random() * 2)] ?? 'female';
    return {
      mode: 'text',
      interests: ['tea', 'film', 'chess'].filter(() => this.random() < 0.4),
      ...(this.random() < 0.3 ? { gender, wantedGenders: [gender] } : {}),
    };
  }

  /** Messages cross: the call ended, or began, while the request was under way. */
  private excuse(error: unknown): void {
    const harmless = ['stale_call', 'no_call', 'not_idle', 'not_searching'];
    if (error instanceof RequestError && harmless.includes(error.wire.code)) return;
    this.trouble.push(String(error));
  }
}

test(
  `M5 M6 M7 ${CROWD} clients join, chat and skip at random for ${SECONDS} s: no pairing error, nothing left behind`,
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const crowd = Array.from({ length: CROWD }, (_, i) => new RandomVisitor(node.wsUrl, seeded(seed + i)));
    const until = Date.now() + SECONDS * 1000;
    await Promise.all(crowd.map((visitor) => visitor.visit(until)));

    const pairings = crowd.flatMap((visitor) => visitor.pairings);
    const byCall = new Map<string, Pairing[]>();
    for (const pairing of pairings)
      byCall.set(pairing.callId, [...(byCall.get(pairing.callId) ?? []), pairing]);
    const wrong = [...byCall.values()].filter((told) => {
      const [first] = told;
      const both = new Set([first?.one, first?.other]);
      return (
        both.size !== 2 ||
        told.length > 2 ||
        told.some(({ one, other }) => !both.has(one) || !both.has(other))
      );
    });
    expect({ seed, trouble: crowd.flatMap(({ trouble }) => trouble), wrong }).toEqual({
      seed,
      trouble: [],
      wrong: [],
    });
    expect(byCall.size).toBeGreaterThan(SECONDS * 5);

    for (const { client } of crowd) client.close();
    await Promise.all(crowd.map(({ client }) => client.untilClosed()));
    const deadline = Date.now() + 20_000;
    // Peers whose sockets dropped are kept for their grace period; after it no state may be left.
    while (node.parts.liveStats.now().total > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { calls, tickets, media, peers, orphanCleanUp } = node.parts;
    expect({
      clients: [...peers.all()].length,
      calls: calls.size,
      shards: await tickets.shards(),
      sockets: node.parts.sockets(),
      cleanup: await orphanCleanUp.cleanUp(),
    }).toEqual({
      clients: 0,
      calls: 0,
      shards: [],
      sockets: 0,
      cleanup: { orphanedCalls: 0, strandedPeers: 0, orphanedLines: 0 },
    });
    expect(media.stats()).toMatchObject({
      lines: 0,
      bridges: 0,
      transports: 0,
      producers: 0,
      consumers: 0,
      pipes: 0,
    });
  },
  SECONDS * 1000 + 60_000,
);
