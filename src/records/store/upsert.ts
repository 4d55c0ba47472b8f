import { elementsOf, isOperators, isPlainObject, valueAt, type Step } from './language';
import type { Filter } from './record-store';

/** Sets the value at a dotted path and makes the objects on the way. */
function put(record: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop();
  let at = record;
  for (const name of names) {
    const next = at[name];
    const inside = isPlainObject(next) ? next : {};
    at[name] = inside;
    at = inside;
  }
  if (last !== undefined) at[last] = value;
}

/** The fields, with values, that a filter requires to be equal. */
function equalities(filter: Filter): [string, unknown][] {
  return Object.entries(filter).flatMap(([key, value]): [string, unknown][] => {
    if (key === '$and' && Array.isArray(value)) return value.filter(isPlainObject).flatMap(equalities);
    if (key.startsWith('$')) return [];
    if (!isOperators(value)) return [[key, value]];
    return '$eq' in value ? [[key, value['$eq']]] : [];
  });
}

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The elements that are left of a new array once `$slice` was taken into account. */
function sliced(elements: readonly unknown[], value: unknown): readonly unknown[] {
  const slice = isPlainObject(value) ? value['$slice'] : undefined;
  if (typeof slice !== 'number') return elements;
  if (slice === 0) return [];
  return slice < 0 ? elements.slice(slice) : elements.slice(0, slice);
}

function applied({ operator, value }: Step, before: unknown): unknown {
  switch (operator) {
    case '$set':
    case '$setOnInsert':
    case '$min':
    case '$max':
      return value;
    case '$inc':
      return (typeof before === 'number' ? before : 0) + (typeof value === 'number' ? value : 0);
    case '$push':
      return sliced([...arrayOf(before), ...elementsOf(value)], value);
    case '$addToSet': {
      const seen = new Map<string, unknown>();
      for (const element of [...arrayOf(before), ...elementsOf(value)])
        if (!seen.has(JSON.stringify(element))) seen.set(JSON.stringify(element), element);
      return [...seen.values()];
    }
    case '$unset':
    case '$pull':
      return before;
  }
}

/**
 * The record that an upsert makes when none fits, before its schema's defaults are filled in: the values that the filter
 * requires, changed by the update.
 */
export function recordOfUpsert(filter: Filter, steps: readonly Step[]): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [path, value] of equalities(filter)) put(record, path, value);
  for (const step of steps) {
    const value = applied(step, valueAt(record, step.path));
    if (value !== undefined) put(record, step.path, value);
  }
  return record;
}
