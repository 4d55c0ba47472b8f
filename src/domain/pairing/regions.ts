/** A region with fewer searching peers is thin, and its peers are matched with those of other regions (M9). */
export const THIN = 30;
/** A merged region is on its own again when it has this many searching peers. */
export const STANDS = 60;

/** The region of tickets of merged ones; no node has this name. */
export const MERGED = '~';

/**
 * The regions to be merged, given how many peers search in each: all thin ones and, as long as these are thin together,
 * the next smallest. None when that is a single region, since there is none to merge it with. `before`: the regions
 * merged so far, for which the higher figure counts, so that a region does not switch back and forth.
 */
export function mergedRegions(
  searching: ReadonlyMap<string, number>,
  before: ReadonlySet<string>,
): ReadonlySet<string> {
  const bySize = [...searching].sort(([a, few], [b, many]) => few - many || (a < b ? -1 : 1));
  const merged = new Set<string>();
  let together = 0;
  for (const [region, count] of bySize) {
    const isThin = count < (before.has(region) ? STANDS : THIN);
    const areTogetherThin = merged.size > 0 && together < THIN;
    if (!isThin && !areTogetherThin) continue;
    merged.add(region);
    together += count;
  }
  return merged.size < 2 ? new Set() : merged;
}
