import type { Encounter, Ticket } from './ticket';

/** Texts kept to be shared; when there are more, the pool begins anew, so that made-up tags cannot fill it. */
const POOLED_TEXTS = 50_000;

const NOTHING: readonly never[] = Object.freeze([]);
const orNothing = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NOTHING : list.slice());

/**
 * Reading a character makes the engine join a text that was put together from pieces. A random id is: kept in its
 * pieces, it takes ten times the memory of its characters.
 */
const bridge = (text: string): string => (Number.isNaN(text.charCodeAt(0)) ? '' : text);

/**
 * Makes copies of tickets that take less than half the memory: joined texts, lists as long as they need to be, one
 * empty list for all, and each text that many people name only once. What comes out of a parser is none of this, and at a
 * million waiting people it is the larger part of what the queue costs.
 */
export class TicketCompactor {
  private readonly pool = new Map<string, string>();

  compact(ticket: Ticket): Ticket {
    return {
      id: bridge(ticket.id),
      peerId: bridge(ticket.peerId),
      since: ticket.since,
      mode: ticket.mode,
      region: this.shared(ticket.region),
      trustPool: ticket.trustPool,
      priority: ticket.priority,
      interests: this.sharedAll(ticket.interests),
      languages: this.sharedAll(ticket.languages),
      gender: ticket.gender,
      wantedGenders: orNothing(ticket.wantedGenders),
      ageBand: ticket.ageBand,
      wantedAgeBands: orNothing(ticket.wantedAgeBands),
      country: ticket.country === null ? null : this.shared(ticket.country),
      avoidCountries: this.sharedAll(ticket.avoidCountries),
      groupSize: ticket.groupSize,
      blocked: orNothing(ticket.blocked),
      recent: orNothing<Encounter>(ticket.recent),
      node: ticket.node === undefined ? undefined : this.shared(ticket.node),
    };
  }

  private sharedAll(texts: readonly string[]): readonly string[] {
    return texts.length === 0 ? NOTHING : texts.map((text) => this.shared(text));
  }

  private shared(text: string): string {
    const known = this.pool.get(text);
    if (known !== undefined) return known;
    if (this.pool.size >= POOLED_TEXTS) this.pool.clear();
    this.pool.set(text, text);
    return text;
  }
}
