import type { Entry } from '../store/outbox';

/** The record that an entry is about; undefined when it does not name one by its id. */
function recordOf({ collection, filter }: Entry): string | undefined {
  const id = filter['_id'];
  return typeof id === 'string' ? `${collection} ${id}` : undefined;
}

/**
 * Applies entries so that those about one record keep their order. An entry that names no record by its id waits for all
 * entries before it, and all entries behind it wait for it. Others run at once, no more than `most` at a time. `apply`
 * returns false when an entry could not be applied. The entries behind it in its lane are then left, and no new lane is
 * begun. Returns those that were not applied, in order.
 */
export async function inLanes<E extends { readonly entry: Entry }>(
  items: readonly E[],
  most: number,
  apply: (item: E) => Promise<boolean>,
): Promise<E[]> {
  const done = new Set<E>();
  let isStopped = false;
  const runLane = async (lane: readonly E[]): Promise<void> => {
    for (const item of lane) {
      if (isStopped) return;
      if (!(await apply(item))) {
        isStopped = true;
        return;
      }
      done.add(item);
    }
  };
  for (const stretch of stretches(items)) {
    const lanes = [...stretch.values()];
    const runNext = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined && !isStopped; lane = lanes.shift())
        await runLane(lane);
    };
    await Promise.all(Array.from({ length: Math.min(most, lanes.length) }, runNext));
    if (isStopped) break;
  }
  return items.filter((item) => !done.has(item));
}

/** Lanes by record, begun anew around each entry that names none. */
function stretches<E extends { readonly entry: Entry }>(items: readonly E[]): Map<string, E[]>[] {
  const found: Map<string, E[]>[] = [];
  let open: Map<string, E[]> | undefined;
  for (const item of items) {
    const record = recordOf(item.entry);
    if (record === undefined) {
      found.push(new Map<string, E[]>([['', [item]]]));
      open = undefined;
      continue;
    }
    if (open === undefined) found.push((open = new Map<string, E[]>()));
    const lane = open.get(record);
    if (lane === undefined) open.set(record, [item]);
    else lane.push(item);
  }
  return found;
}
