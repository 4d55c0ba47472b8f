import type { Encounter, Ticket } from './ticket';

/** The most texts kept for sharing. A full pool is cleared, so that invented tags cannot fill it for ever. */
const POOLED_TEXTS = 50_000;

const NOTHING: readonly never[] = Object.freeze([]);
const orNothing = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NOTHING : list.slice());

/**
 * Reading a character makes the engine flatten a text that was concatenated. A random id is such a text: unflattened, it
 * takes ten times the memory of its characters.
 */
const flattened = (text: string): string => (Number.isNaN(text.charCodeAt(0)) ? '' : text);

/**
 * Makes copies of tickets that take less than half the memory: flat texts, lists of exactly the needed length, one empty
 * list for all, and one copy of each text that many peers name. A parser's output has none of this, and with a million
 * waiting peers that would be the larger part of the queue's memory.
 */
export class TicketCompactor {
  private readonly pool = new Map<string, string>();

  compact(ticket: Ticket): Ticket {
    return {
      id: flattened(ticket.id),
      peerId: flattened(ticket.peerId),
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
