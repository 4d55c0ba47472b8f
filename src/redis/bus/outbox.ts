import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { RedisConnection } from '../connection';
import { encodeMessage, MOST_TEXTS } from './message';

/** The most characters in one message; further texts go into the next one. */
const MOST_CHARACTERS = 256 * 1024;

const receiversSchema = z.number().int().nonnegative();

/** A message that still takes texts of this turn of the event loop. */
class Batch {
  readonly texts: string[] = [];
  readonly published: Promise<boolean>;
  settle: (by: Promise<boolean>) => void = () => undefined;
  private characters = 0;

  constructor(
    readonly channel: string,
    readonly number: number,
  ) {
    this.published = new Promise((resolve) => (this.settle = resolve));
  }

  hasRoomFor(text: string): boolean {
    return this.texts.length < MOST_TEXTS && this.characters + text.length <= MOST_CHARACTERS;
  }

  put(text: string): void {
    this.texts.push(text);
    this.characters += text.length;
  }
}

/**
 * What one bus publishes. Texts of one turn of the event loop share a message where that does not change the order in
 * which a node receives them: those for one node do, until one for all nodes comes in between. Messages do not wait for
 * each other: they go over one connection, which keeps their order. One can overtake another only when the channels move
 * to another server of a cluster, and the receiver sees that by their numbers.
 *
 * Published by Redis's own command and not by a script: while a slot is on its way to another server, scripts already
 * run on the new one, but subscriptions are still on the old one.
 */
export class BusOutbox {
  /** Unique over all processes. */
  readonly name = randomBytes(9).toString('base64url');
  private number = 0;
  private batches: Batch[] = [];
  /** By channel: the batch that its next text may go into. */
  private readonly open = new Map<string, Batch>();

  constructor(
    private readonly redis: RedisConnection,
    private readonly channelOfAll: string,
  ) {}

  /** `false` when no node listens to that channel. Rejects with `RedisUnavailable`; nothing is sent again. */
  post(channel: string, text: string): Promise<boolean> {
    let batch = this.open.get(channel);
    // A text for all nodes keeps its order to all texts before and after it.
    if (channel === this.channelOfAll && batch !== this.batches.at(-1)) batch = undefined;
    if (!batch?.hasRoomFor(text)) {
      if (channel === this.channelOfAll) this.open.clear();
      batch = this.begin(channel);
      this.open.set(channel, batch);
    }
    batch.put(text);
    return batch.published;
  }

  /** Publishes a message without texts. */
  probe(channel: string): { readonly number: number; readonly published: Promise<boolean> } {
    return this.begin(channel);
  }

  /** Publishes at once the messages that wait for the end of the turn. */
  flush(): void {
    const { batches } = this;
    this.batches = [];
    this.open.clear();
    for (const batch of batches) batch.settle(this.publish(batch));
  }

  private begin(channel: string): Batch {
    if (this.batches.length === 0) setImmediate(() => this.flush());
    const batch = new Batch(channel, ++this.number);
    this.batches.push(batch);
    return batch;
  }

  private async publish({ channel, number, texts }: Batch): Promise<boolean> {
    const message = encodeMessage({ sender: this.name, number, texts });
    return receiversSchema.parse(await this.redis.answer(this.redis.client.spublish(channel, message))) > 0;
  }
}
