import type { en } from './en';

/** A line that depends on a count has one form for each plural category its language knows. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export type Line = string | Plural;

/** English is the source: its keys are the keys, and its placeholders are the placeholders. */
export type Key = keyof typeof en;

/** What another language has to bring: every key, as a plural wherever English has one. */
export type Catalogue = { readonly [K in Key]: (typeof en)[K] extends string ? string : Line };

/** One part of a catalogue in another language, checked against the English part it translates. */
export type PartOf<P> = { readonly [K in keyof P]: P[K] extends string ? string : Line };

type PlaceholderOf<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

type LineOf<K extends Key> = (typeof en)[K] extends string
  ? (typeof en)[K]
  : (typeof en)[K] extends { readonly other: infer Other extends string }
    ? Other
    : never;

type CountOf<K extends Key> = (typeof en)[K] extends string ? never : 'count';

export type ValueName<K extends Key> = PlaceholderOf<LineOf<K>> | CountOf<K>;

/** Values for the placeholders of a line; a line without any takes none. */
export type ValuesOf<K extends Key> = [ValueName<K>] extends [never]
  ? []
  : [values: { readonly [N in ValueName<K>]: N extends 'count' ? number : string | number }];

/** Keys whose line needs no values, which is what most labels are. */
export type PlainKey = { [K in Key]: [ValueName<K>] extends [never] ? K : never }[Key];
