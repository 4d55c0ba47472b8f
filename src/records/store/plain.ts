import { isPlainObject } from './language';

/** A value that one of the stores could not keep as it is; `path` says where. */
export class UnkeepableValue extends Error {
  constructor(readonly path: string) {
    super(`${path} cannot be kept`);
  }
}

const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * A deep copy that holds nothing but what both stores keep exactly: strings, finite numbers, booleans, null, dates,
 * arrays and plain objects. Half characters, which JSON lets through and UTF-8 cannot say, become U+FFFD; fields that
 * are undefined are left out. Throws `UnkeepableValue` for anything else, and for field names with a dot or dollar,
 * which mean something else in filters and updates.
 */
export function plainCopy(value: unknown, path = ''): unknown {
  if (typeof value === 'string') return value.replace(LONE_SURROGATES, '\uFFFD');
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (value instanceof Date && Number.isFinite(value.getTime())) return new Date(value);
  if (Array.isArray(value)) return value.map((part, at) => plainCopy(part, `${path}.${at}`));
  if (!isPlainObject(value)) throw new UnkeepableValue(path);
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    const at = path === '' ? name : `${path}.${name}`;
    if (name.startsWith('$') || name.includes('.') || name === '__proto__') throw new UnkeepableValue(at);
    if (part !== undefined) copy[name] = plainCopy(part, at);
  }
  return copy;
}
