import { z } from 'zod';
import { DomainError } from '../../domain/error';
import type { PathParams } from './context';

/** Throws `DomainError('bad_data')` that names the paths of what is wrong, never the values that stood there. */
export function checkedBody<S extends z.ZodType>(schema: S, content: unknown): z.output<S> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const paths = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole body'));
  throw new DomainError('bad_data', `not as it should be: ${[...paths].slice(0, 20).join(', ')}`);
}

const paramsSchema = z.record(z.string(), z.string().max(200));

/** The names of the parameters in a path. */
export const paramNames = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => (name === undefined ? [] : [name]));

const hasParams = <Path extends string>(
  path: Path,
  params: Readonly<Record<string, string>>,
): params is PathParams<Path> => paramNames(path).every((name) => Object.hasOwn(params, name));

/** The parameters that the path names. Throws `DomainError('bad_data')` where one is too long. */
export function checkedParams<Path extends string>(path: Path, content: unknown): PathParams<Path> {
  const params = checkedBody(paramsSchema, content);
  if (!hasParams(path, params)) throw new Error(`${path} was served without its parameters`);
  return params;
}
