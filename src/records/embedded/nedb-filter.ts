import { isOperators, isPlainObject } from '../store/language';
import type { Filter } from '../store/record-store';

const COMPARISONS: ReadonlySet<string> = new Set(['$gt', '$gte', '$lt', '$lte']);

/** MongoDB's null is also a field that is missing. */
const equal = (path: string, value: unknown): Filter =>
  value === null ? { $or: [{ [path]: null }, { [path]: { $exists: false } }] } : { [path]: value };

const anyOf = (path: string, values: readonly unknown[]): Filter => {
  const known = { [path]: { $in: values.filter((value) => value !== null) } };
  return values.includes(null) ? { $or: [known, equal(path, null)] } : known;
};

/** One operator on one path. */
function condition(path: string, operator: string, value: unknown): Filter {
  switch (operator) {
    case '$eq':
      return equal(path, value);
    // nedb asks of an array whether any element differs, where MongoDB asks whether none is equal.
    case '$ne':
      return { $not: equal(path, value) };
    case '$in':
      return anyOf(path, Array.isArray(value) ? value : []);
    case '$nin':
      return { $not: anyOf(path, Array.isArray(value) ? value : []) };
    // nedb finds that an empty array does not exist.
    case '$exists': {
      const exists: Filter = { $or: [{ [path]: { $exists: true } }, { [path]: { $size: 0 } }] };
      return value ? exists : { $not: exists };
    }
    case '$elemMatch':
      return { [path]: { $elemMatch: isPlainObject(value) ? toElementFilter(value) : value } };
    default:
      return { [path]: { [operator]: value } };
  }
}

/** What `$elemMatch` asks of elements that are values goes to nedb as it is; of elements with fields, as a filter. */
export const toElementFilter = (value: Record<string, unknown>): Filter => {
  if (!isOperators(value) || '$or' in value || '$and' in value) return toNedbFilter(value);
  const { $eq: equalTo, ...others } = value;
  return equalTo === undefined ? others : { ...others, $in: [equalTo] };
};

function conditions(path: string, value: Record<string, unknown>): Filter[] {
  const entries = Object.entries(value);
  const compared = Object.fromEntries(entries.filter(([operator]) => COMPARISONS.has(operator)));
  const others = entries.filter(([operator]) => !COMPARISONS.has(operator));
  return [
    // To nedb null is less than any date, and the bounds of one path help it only when they come together.
    ...(Object.keys(compared).length > 0 ? [{ [path]: { ...compared, $ne: null } }] : []),
    ...others.map(([operator, operand]) => condition(path, operator, operand)),
  ];
}

/**
 * A filter of the port's language, checked already, in nedb's dialect of it. `rank` says how few records a path's
 * value singles out: nedb takes its candidates from the index of the last usable field, so the best one goes last.
 */
export function toNedbFilter(filter: Filter, rank: (path: string) => number = () => 0): Filter {
  const parts: Filter[] = Object.entries(filter).flatMap(([key, value]) => {
    if ((key === '$or' || key === '$and') && Array.isArray(value))
      return [{ [key]: value.filter(isPlainObject).map((part) => toNedbFilter(part, rank)) }];
    return isOperators(value) ? conditions(key, value) : [equal(key, value)];
  });
  const plain = parts.filter((part) => !Object.keys(part).some((key) => key.startsWith('$')));
  const ranked = [...plain].sort((a, b) => rank(Object.keys(a)[0] ?? '') - rank(Object.keys(b)[0] ?? ''));
  const whole: Record<string, unknown> = {};
  const rest = parts.filter((part) => !plain.includes(part));
  for (const part of ranked) {
    const [path] = Object.keys(part);
    if (path !== undefined && path in whole) rest.push(part);
    else Object.assign(whole, part);
  }
  return rest.length > 0 ? { ...whole, $and: rest } : whole;
}
