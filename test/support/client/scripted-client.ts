import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientEventName, ClientInput, ClientReply, ServerData } from '../../../src/protocol';
import { AutonomousClient } from './autonomous-client';
import type { ClientWishes, Endpoint } from './client-hooks';
import { failureCode } from './errors';
import { SignalledLine } from './signalled-line';

const RECONNECT_MS = 50;
/** How long a client looks for a node that lets it in, and tries to send a message (ms). */
const PATIENCE_MS = 6_000;

/** An autonomous client that a test drives from outside: it records its events, and the test waits for them. */
export class ScriptedClient {
  /**
   * Names of all server messages over all sockets. In place of `connected` there is `resumed` or `forgotten`, or
   * `shut out` when no node let the client in.
   */
  readonly events: string[] = [];
  /** Ids of chat messages that have arrived here. */
  readonly received = new Set<string>();
  /** How each socket but the last one was closed. */
  readonly closes: { code: number; reason: string }[] = [];
  /** How the server ended calls. */
  readonly ended: ServerData<'partner_disconnected'>[] = [];
  readonly violations: string[] = [];
  /** Codes of errors that chat messages were answered with. */
  readonly errors: string[] = [];
  /** The peer ids of this client: one, as long as the server never forgets it. */
  readonly ids = new Set<string>();
  readonly line: SignalledLine;
  private readonly client: AutonomousClient<Endpoint>;
  private tries = 0;
  private awaySince: number | undefined;

  private constructor(
    private readonly firstUrl: string,
    private readonly urls: () => readonly string[],
  ) {
    this.client = new AutonomousClient<Endpoint>(
      {
        pickEndpoint: () => this.pick(),
        reconnectAfterMs: () => RECONNECT_MS,
        acceptAfterMs: () => 0,
        readsMessage: () => false,
        searchesAgain: () => false,
      },
      {
        received: ({ event, data }) => {
          if (event !== 'connected') this.events.push(event);
          if (event === 'chat_message') this.received.add(data.id);
          if (event === 'partner_disconnected') this.ended.push(data);
        },
        violation: (words) => this.violations.push(words),
        connected: ({ resumed, userId }, _endpoint, returning) => {
          if (returning) this.events.push(resumed ? 'resumed' : 'forgotten');
          this.ids.add(userId);
          this.awaySince = undefined;
          this.tries = 0;
        },
        disconnected: (code, reason) => this.disconnected(code, reason),
      },
    );
    this.line = new SignalledLine(this.client);
    this.client.media = this.line;
  }

  /** Connects to this node. `urls` returns the addresses of the nodes at any later moment. */
  static async connect(url: string, urls: () => readonly string[]): Promise<ScriptedClient> {
    const client = new ScriptedClient(url, urls);
    client.client.connect();
    await client.until(() => client.client.endpoint !== undefined);
    return client;
  }

  get callId(): string | undefined {
    return this.client.callId;
  }

  search(wishes: Partial<ClientWishes> = {}): void {
    this.client.search(wishes);
  }

  request<E extends ClientEventName>(event: E, data: ClientInput<E>): Promise<ClientReply<E>> {
    return this.client.request(event, data);
  }

  async until(test: () => boolean, withinMs = 8_000): Promise<void> {
    for (const end = Date.now() + withinMs; !test(); await sleep(10)) {
      if (Date.now() > end) throw new Error(`it has not come about; heard ${this.events.join(', ')}`);
    }
  }

  /** Sends a chat message again and again until it is accepted, since the socket may be closed meanwhile. */
  async say(id: string): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(RECONNECT_MS)) {
      const { callId } = this;
      if (callId === undefined) throw new Error('the client is in no call');
      try {
        await this.client.request('chat_message', { callId, id, text: id });
        return;
      } catch (error) {
        const code = failureCode(error);
        if (code !== 'disconnected') this.errors.push(code);
        if (Date.now() > end) throw error;
      }
    }
  }

  leave(): void {
    this.client.close();
  }

  private pick(): Endpoint | undefined {
    const urls = this.closes.length === 0 && this.tries === 0 ? [this.firstUrl] : this.urls();
    const wsUrl = urls[this.tries++ % Math.max(1, urls.length)];
    return wsUrl === undefined ? undefined : { wsUrl };
  }

  /** Called for each socket that ends, also for one that a node did not accept. */
  private disconnected(code: number, reason: string): void {
    if (this.awaySince === undefined) {
      this.awaySince = Date.now();
      this.tries = 0;
      this.closes.push({ code, reason });
    } else if (Date.now() - this.awaySince > PATIENCE_MS) {
      this.events.push('shut out');
      this.client.close();
    }
  }
}
