import type { Ticket } from '../../domain/pairing/ticket';

/** What happens to the tickets of a shard. Its director gets the events in the order in which they happened. */
export type TicketEvent =
  | { readonly kind: 'added'; readonly ticket: Ticket }
  /** Claimed, removed or expired: in any case no longer to be offered. */
  | { readonly kind: 'gone'; readonly ticket: Pick<Ticket, 'id' | 'peerId'> };

/** The tickets that are to be matched in one call. */
export type Claim = readonly Ticket[];

/**
 * Where tickets wait. Only the store decides who has a ticket and which claim wins: every method is atomic on its
 * own, whichever nodes call it at the same time. It does not know which tickets suit each other.
 *
 * A peer has at most one ticket over all shards. A claimed ticket leaves the store at once, so a peer can be claimed
 * again only after a new `add`.
 */
export interface TicketStore {
  /** Adds a waiting ticket. `false`, and no change, when the peer has a ticket already. */
  add(ticket: Ticket): Promise<boolean>;

  /** Removes a waiting ticket. `false` when it is no longer waiting: a claim has won it, for example. */
  remove(ticket: Pick<Ticket, 'id' | 'peerId'>): Promise<boolean>;

  /** The id of the peer's ticket; null when the peer has none. */
  ticketOf(peerId: string): Promise<string | null>;

  /**
   * For each claim on its own, in order: takes all its tickets if all are still waiting, else none of them.
   * The answer says for each claim whether it was won. A director makes one call for each of its passes.
   *
   * When this throws, claims may have been won all the same, because a reply can be lost. The same claims may be made
   * again, and then count as lost. The gateways of peers whose claim was won this way learn from `touch` that their
   * tickets do not wait any more.
   */
  claim(claims: readonly Claim[]): Promise<boolean[]>;

  /** The sockets of these peers are alive, at `now` (`Clock.elapsed`). Answers with the ids of those tickets that do not wait any more. */
  touch(tickets: readonly Pick<Ticket, 'id' | 'peerId'>[], now: number): Promise<string[]>;

  /**
   * Removes the tickets that no node touched for `staleMs` and those whose waiting began over `maxAgeMs` ago (M6),
   * and answers with them. A ticket that was never touched counts as touched by the first `expire` that finds it, so
   * that `add` needs no time and a ticket that was put back does not count as stale.
   */
  expire(now: number, limits: { staleMs: number; maxAgeMs: number }): Promise<Ticket[]>;

  /** Names of shards that have waiting tickets. */
  shards(): Promise<string[]>;

  /** How many wait in a shard. */
  count(shard: string): Promise<number>;

  /**
   * Follows a shard: first everything that waits there now as `added`, longest wait first, then each change. Within
   * one process, the events of a claim come before its answer; between processes they come at about the same time.
   * The returned function ends it. The listener must not throw.
   */
  follow(shard: string, listener: (event: TicketEvent) => void): Promise<() => void>;

  /** Ends all following. Methods that are called afterwards reject. */
  close(): Promise<void>;
}
