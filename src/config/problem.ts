import type { z } from 'zod';

/**
 * Configuration that cannot be used; `problems` has one line for each (O4): first of single variables, then, when
 * each is right by itself, of those that do not go together.
 */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`configuration has ${problems.length} fault(s)`);
    this.name = 'ConfigError';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  array: 'a list',
  record: 'an object',
  object: 'an object',
};

/**
 * What is wrong with a single variable, as `NAME: requirement`, for the operator who sets it. `path` leads from the
 * variable's name to the part of its value that is wrong.
 */
export function describeProblem(issue: z.core.$ZodIssue, [name, ...within]: readonly PropertyKey[]): string {
  const part = within
    .map((key) => (typeof key === 'number' ? `item ${key + 1} ` : `${key.toString()} `))
    .join('');
  return `${name?.toString() ?? '?'}: ${part}${requirementOf(issue)}`;
}

function requirementOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_big':
      return `may ${verbOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      // A message of our own says more than one that is put together.
      return issue.message.startsWith('Too small')
        ? `has to ${verbOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`
        : issue.message;
    case 'invalid_value':
      return `has to be one of ${issue.values.join(', ')}`;
    default:
      return issue.message;
  }
}

const verbOf = (origin: string): string => (origin === 'array' ? 'name' : 'be');
const unitOf = (origin: string): string => (origin === 'string' ? ' characters long' : '');
