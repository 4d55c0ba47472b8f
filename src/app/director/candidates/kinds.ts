import type { Ticket } from '../../../domain/pairing';

type KindOf = Pick<Ticket, 'country' | 'languages' | 'avoidCountries'>;

/** People whom country, languages and countries to avoid cannot tell apart. */
export interface Kind extends KindOf {
  readonly id: number;
  readonly key: string;
  tickets: number;
}

/**
 * The kinds of those who wait. A list of the index holds people of one kind, so one look settles for all of them
 * whether their country is avoided and whether a language is shared. Kinds nobody is of are forgotten.
 */
export class Kinds {
  private readonly byKey = new Map<string, Kind>();
  private readonly kinds: (Kind | undefined)[] = [];
  private readonly free: number[] = [];

  /** The kind of a ticket that begins to wait. */
  hold(ticket: KindOf): Kind {
    const key = keyOf(ticket);
    let kind = this.byKey.get(key);
    if (kind === undefined) {
      const { country, languages, avoidCountries } = ticket;
      kind = {
        id: this.free.pop() ?? this.kinds.length,
        key,
        tickets: 0,
        country,
        languages,
        avoidCountries,
      };
      this.kinds[kind.id] = kind;
      this.byKey.set(key, kind);
    }
    kind.tickets++;
    return kind;
  }

  /** A ticket of this kind waits no longer. */
  release(id: number): void {
    const kind = this.kinds[id];
    if (kind === undefined || --kind.tickets > 0) return;
    this.byKey.delete(kind.key);
    this.kinds[id] = undefined;
    this.free.push(id);
  }

  get(id: number): Kind | undefined {
    return this.kinds[id];
  }

  get size(): number {
    return this.byKey.size;
  }
}

const inOneOrder = (list: readonly string[]): string =>
  list.length < 2 ? (list[0] ?? '') : [...list].sort().join();

const keyOf = ({ country, languages, avoidCountries }: KindOf): string =>
  `${country ?? ''}|${inOneOrder(languages)}|${inOneOrder(avoidCountries)}`;
