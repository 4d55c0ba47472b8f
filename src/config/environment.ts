import { z } from 'zod';
import { FEATURES } from './features';
import { ConfigError, describeProblem } from './problem';
import { schemasOf } from './variable';

export type Environment = Readonly<Record<string, string | undefined>>;

const environmentSchema = z.object(schemasOf(FEATURES));

/** The parsed variables by feature. */
export type Values = z.output<typeof environmentSchema>;

/**
 * Checks every variable by itself; a variable that is not declared is ignored. Throws `ConfigError` with the problems
 * of all of them.
 */
export function parseEnvironment(environment: Environment = process.env): Values {
  // An empty variable, as compose files and shells leave it, counts as not set.
  const set = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(
    Object.fromEntries(
      Object.entries(FEATURES).map(([feature, { variables }]) => [
        feature,
        { ...defaultsOf(variables), ...set },
      ]),
    ),
  );
  if (parsed.success) return parsed.data;
  // A path begins with the feature, which operators need not know.
  throw new ConfigError(parsed.error.issues.map((issue) => describeProblem(issue, issue.path.slice(1))));
}

const defaultsOf = (variables: Readonly<Record<string, { readonly default?: string }>>) =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, { default: text }]) =>
      text === undefined ? [] : [[name, text]],
    ),
  );

/** Of Node.js itself. A disk that hangs holds one for each write; look-ups of names and hashes need some as well. */
const THREADS = '24';

/**
 * Gives Node.js enough threads for files, names and hashes. It reads the variable when it first needs one of them, so this
 * comes before anything else. An operator's own figure stays.
 */
export function makeRoomForThreads(environment: Record<string, string | undefined> = process.env): void {
  environment['UV_THREADPOOL_SIZE'] ??= THREADS;
}
