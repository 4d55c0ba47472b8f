/** A media node that lines could be placed on. */
export interface Place {
  readonly address: string;
  readonly region: string;
  /** Lines that are there or on their way there. */
  readonly lines: number;
  /** Media workers that live. */
  readonly workers: number;
  readonly draining: boolean;
}

/**
 * Where a line goes (V8, M9): to the node with the fewest lines per worker, in the peer's region if that has any. Among
 * equals the requesting node comes first, then the order of names. Undefined when no node takes lines.
 */
export function placeFor(places: readonly Place[], region: string, asking: string): string | undefined {
  const able = places.filter(({ workers, draining }) => workers > 0 && !draining);
  const near = able.filter((place) => place.region === region);
  const load = ({ lines, workers }: Place): number => lines / workers;
  const rank = (place: Place): number => (place.address === asking ? 0 : 1);
  return [...(near.length > 0 ? near : able)].sort(
    (a, b) => load(a) - load(b) || rank(a) - rank(b) || (a.address < b.address ? -1 : 1),
  )[0]?.address;
}
