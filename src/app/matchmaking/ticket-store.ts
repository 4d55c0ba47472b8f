import type { Ticket } from '../../domain/pairing/ticket';

/** What happens to the tickets of a shard, told to its director in the order in which it happened. */
export type TicketEvent =
  | { readonly kind: 'added'; readonly ticket: Ticket }
  /** Claimed, removed or expired: in any case no longer to be offered. */
  | { readonly kind: 'gone'; readonly ticket: Pick<Ticket, 'id' | 'peerId'> };

/** The tickets that are to meet in one call. */
export type Claim = readonly Ticket[];

/**
 * Where tickets wait. The only place that decides who has a ticket and who is taken: every method is atomic on
 * its own, whichever nodes call it at the same time. It knows nothing of who suits whom.
 *
 * A person has at most one ticket over all shards. A claimed ticket leaves the store at once, so a person can be
 * claimed again only after a new `add`.
 */
export interface TicketStore {
  /** Adds a waiting ticket. `false`, and no change, when the person has one already. */
  add(ticket: Ticket): Promise<boolean>;

  /** Takes a waiting ticket back. `false` when it is no longer waiting: whoever claimed it has won. */
  remove(ticket: Pick<Ticket, 'id' | 'peerId'>): Promise<boolean>;

  /** The id of the ticket this person has; null when they have none. */
  ticketOf(peerId: string): Promise<string | null>;

  /**
   * For each claim on its own, in order: takes all its tickets if all are still waiting, else none of them.
   * The answer has one entry a claim: whether it was won. One call for what one pass decided.
   *
   * When this throws, claims may have been won all the same (an answer can be lost on its way). They may be
   * claimed again, and then count as lost; the people of a claim that was won so learn from `touch` that they
   * wait no longer.
   */
  claim(claims: readonly Claim[]): Promise<boolean[]>;

  /** The sockets of these people are alive. Answers with the ids of those tickets that wait no longer. */
  touch(tickets: readonly Pick<Ticket, 'id' | 'peerId'>[], now: number): Promise<string[]>;

  /**
   * Takes out the tickets that nobody touched for `staleMs` and those whose waiting began over `maxAgeMs` ago
   * (M6), and answers with them. A ticket that was never touched counts as touched by the first `expire` that
   * finds it, so that adding one asks for no time and a put-back ticket is not taken for a ghost.
   */
  expire(now: number, limits: { staleMs: number; maxAgeMs: number }): Promise<Ticket[]>;

  /** Names of shards that have waiting tickets. */
  shards(): Promise<string[]>;

  /** How many wait in a shard. */
  count(shard: string): Promise<number>;

  /**
   * Follows a shard: first everything that waits there now as `added`, longest wait first, then each change.
   * The events of a claim come before its answer where both are in one process, and about the same time
   * elsewhere. The returned function ends it. The listener must not throw.
   */
  follow(shard: string, listener: (event: TicketEvent) => void): Promise<() => void>;

  /** Ends all following. Whatever is asked afterwards is refused. */
  close(): Promise<void>;
}
