/** People who search in a region; with fewer it is thin, and its people are matched with those of others (M9). */
export const THIN = 30;
/** A region that was merged stands by itself again when it has so many. */
export const STANDS = 60;

/** The region of tickets of merged ones; no node has this name. */
export const MERGED = '~';

/**
 * The regions to be merged, given how many search in each: all thin ones, and as long as these are thin together, the
 * next smallest. None where that is a single region, since it has nobody to be merged with. `before`: those merged so
 * far, for which the higher figure counts, so that a region does not come and go.
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
