import { z } from 'zod';

interface Declaration<S extends z.ZodType> {
  /** Checks the text of the variable and turns it into a value. */
  readonly schema: S;
  /** What the variable does and what form its text has: whole sentences, in Markdown. */
  readonly description: string;
  /** A text that an operator could set. A secret has none, so that no operator uses a published one. */
  readonly example?: string;
}

/** One variable of the environment: how it is checked, and what the documentation says of it. */
export interface Variable<S extends z.ZodType = z.ZodType> extends Declaration<S> {
  /** The text that is used where the variable is not set. Left out: the schema takes `undefined`. */
  readonly default?: string;
  /** What holds where the variable is not set, in Markdown. */
  readonly defaultInWords: string;
}

/** Declares a variable whose default is a text like one that an operator would set. */
export function variable<S extends z.ZodType>(
  declared: Declaration<S> & { readonly default: string; readonly defaultInWords?: string },
): Variable<S> {
  return { ...declared, defaultInWords: declared.defaultInWords ?? `\`${declared.default}\`` };
}

/** Declares a variable that may be absent, or whose default depends on something else. */
export function optionalVariable<S extends z.ZodType>(
  declared: Declaration<S> & { readonly defaultInWords: string },
): Variable<z.ZodOptional<S>> {
  return { ...declared, schema: declared.schema.optional() };
}

type Variables = Readonly<Record<string, Variable>>;

/** The variables of one feature. */
export interface Feature<V extends Variables = Variables> {
  /** Heading in the documentation. */
  readonly title: string;
  readonly variables: V;
  readonly schema: z.ZodObject<SchemasOf<V>>;
}

export function defineFeature<V extends Variables>(title: string, variables: V): Feature<V> {
  return { title, variables, schema: z.object(schemasOf(variables)) };
}

/** The parsed variables of a feature, by name. */
export type ValuesOf<F extends { readonly schema: z.ZodType }> = z.output<F['schema']>;

type HasSchema = Readonly<Record<string, { readonly schema: z.ZodType }>>;
type SchemasOf<T extends HasSchema> = { readonly [K in keyof T]: T[K]['schema'] };

/** The schemas of variables or of features, under the same names. */
export function schemasOf<T extends HasSchema>(parts: T): SchemasOf<T> {
  const entries = Object.entries(parts).map(([name, { schema }]) => [name, schema]);
  // `Object.fromEntries` cannot tell the compiler that the names are the same.
  return Object.fromEntries(entries) as SchemasOf<T>;
}
