import type { Filter, Update } from './record-store';

/** The operators of the port's language; whatever else begins with a dollar is a mistake in a filter or update. */
const FILTER_OPERATORS: ReadonlySet<string> = new Set([
  '$eq',
  '$ne',
  '$in',
  '$nin',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$exists',
  '$or',
  '$and',
  '$elemMatch',
]);
export const UPDATE_OPERATORS = [
  '$set',
  '$unset',
  '$inc',
  '$min',
  '$max',
  '$push',
  '$addToSet',
  '$pull',
  '$setOnInsert',
] as const;
export type UpdateOperator = (typeof UPDATE_OPERATORS)[number];

/** One operator on one path. */
export interface Step {
  readonly operator: UpdateOperator;
  readonly path: string;
  readonly value: unknown;
}

/** An object made of fields alone, of whatever realm: a date, an array or an instance of a class is none. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A copy of a filter that can be changed; its operands that are no plain objects are the same. */
export function copyOfFilter(filter: Filter): Record<string, unknown> {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    return isPlainObject(value) ? copyOfFilter(value) : value;
  };
  return Object.fromEntries(Object.entries(filter).map(([key, value]) => [key, copy(value)]));
}

/** Paths of a filter that the language has no meaning for: unknown operators, and values left undefined. */
export function invalidPathsOfFilter(filter: Filter): string[] {
  return Object.entries(filter).flatMap(([key, value]) => {
    if (value === undefined) return [key];
    if (key.startsWith('$') && !FILTER_OPERATORS.has(key)) return [key];
    if (Array.isArray(value))
      return value.flatMap((part) => (isPlainObject(part) ? invalidPathsOfFilter(part) : []));
    return isPlainObject(value) ? invalidPathsOfFilter(value) : [];
  });
}

/** The steps of an update, in the order of its operators. */
export function stepsOf(update: Update): Step[] {
  return UPDATE_OPERATORS.flatMap((operator) =>
    Object.entries(update[operator] ?? {}).map(([path, value]): Step => ({ operator, path, value })),
  );
}

const isWithin = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/**
 * Paths of an update that no store could carry out: operators outside the language, undefined values, ids changed,
 * and two operators on one field or on a field and a part of it.
 */
export function invalidPathsOfUpdate(update: Update, steps: readonly Step[]): string[] {
  const known: readonly string[] = UPDATE_OPERATORS;
  const unknown = Object.keys(update).filter((operator) => !known.includes(operator));
  const invalid = steps.filter(
    ({ operator, path, value }, at) =>
      value === undefined ||
      path.includes('$') ||
      (isWithin(path, '_id') && operator !== '$setOnInsert') ||
      steps.some((other, place) => place !== at && isWithin(path, other.path)),
  );
  return [...unknown, ...invalid.map(({ path }) => path)];
}

/** The elements that a `$push` or `$addToSet` adds. */
export const elementsOf = (value: unknown): readonly unknown[] =>
  isPlainObject(value) && Array.isArray(value['$each']) ? value['$each'] : [value];

/** Whether an object's keys are operators rather than fields. */
export const isOperators = (value: unknown): value is Record<string, unknown> =>
  isPlainObject(value) && Object.keys(value).some((key) => key.startsWith('$'));

/** The value at a dotted path; undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}
