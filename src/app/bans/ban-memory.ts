import { MOST_SUBJECTS, holds, type Ban, type BanSubject } from '../../domain/bans';

/** A ban takes about 1 KB, so these take about 50 MB. */
export const MOST_IN_MEMORY = 50_000;

/**
 * Bans in memory, found by whom they are about. There is room for so many; of those that the records have as well, the
 * ones that came first make room for new ones. A ban that the records do not have yet is never dropped for that.
 */
export class BanMemory {
  private readonly byId = new Map<string, Ban>();
  /** Ids of bans by `kind mark`. */
  private readonly bySubject = new Map<string, Set<string>>();
  /** Ids of the bans in memory that the records have as well, those that came first at the front. */
  private readonly kept = new Set<string>();
  private dropped = 0;

  constructor(private readonly most = MOST_IN_MEMORY) {}

  get size(): number {
    return this.byId.size;
  }

  /** How many bans had to make room so far. */
  get droppedForRoom(): number {
    return this.dropped;
  }

  hasRoomFor(bans: number): boolean {
    return bans <= this.most;
  }

  all(): Ban[] {
    return [...this.byId.values()];
  }

  get(id: string): Ban | undefined {
    return this.byId.get(id);
  }

  isKept(id: string): boolean {
    return this.kept.has(id);
  }

  /** The records have this ban. */
  markKept(id: string): void {
    if (this.byId.has(id)) this.kept.add(id);
  }

  /** Adds a ban, or subjects to it. `false`: it was known with all of these subjects. */
  add(ban: Ban): boolean {
    const known = this.byId.get(ban.id);
    // Two nodes at once may have added more than there is room for.
    const subjects = union(known?.subjects ?? [], ban.subjects).slice(0, MOST_SUBJECTS);
    if (known?.subjects.length === subjects.length) return false;
    this.byId.set(ban.id, { ...ban, subjects });
    for (const subject of subjects) {
      const key = keyOf(subject);
      this.bySubject.set(key, (this.bySubject.get(key) ?? new Set()).add(ban.id));
    }
    this.makeRoomBeside(ban.id);
    return true;
  }

  drop(id: string): void {
    const known = this.byId.get(id);
    if (known === undefined) return;
    this.byId.delete(id);
    this.kept.delete(id);
    for (const subject of known.subjects) {
      const ids = this.bySubject.get(keyOf(subject));
      ids?.delete(id);
      if (ids?.size === 0) this.bySubject.delete(keyOf(subject));
    }
  }

  /** Bans about any of these that hold, the one that ends last first. */
  about(subjects: readonly BanSubject[], now: number): Ban[] {
    const ids = new Set(subjects.flatMap((subject) => [...(this.bySubject.get(keyOf(subject)) ?? [])]));
    return [...ids]
      .flatMap((id) => this.byId.get(id) ?? [])
      .filter((ban) => holds(ban, now))
      .sort((one, other) => (other.endsAt ?? Infinity) - (one.endsAt ?? Infinity));
  }

  private makeRoomBeside(newest: string): void {
    if (this.byId.size <= this.most) return;
    for (const id of this.kept) {
      if (id === newest) continue;
      this.drop(id);
      this.dropped += 1;
      return;
    }
  }
}

const keyOf = ({ kind, mark }: BanSubject): string => `${kind} ${mark}`;

/** The subjects of both, each once. */
export const union = (some: readonly BanSubject[], others: readonly BanSubject[]): BanSubject[] => [
  ...new Map([...some, ...others].map((subject) => [keyOf(subject), subject])).values(),
];
