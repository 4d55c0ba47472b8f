/** A message that depends on a count has one form for each plural category its language knows. */
export interface Plural {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

export type Message = string | Plural;

/** A catalogue of messages by their keys. English is the source of the keys and of the placeholders. */
export type Messages = Readonly<Record<string, Message>>;

export type KeyOf<M> = keyof M & string;

/** What another language has to bring: every key of the English catalogue, as a plural wherever English has one. */
export type Translation<M> = { readonly [K in keyof M]: M[K] extends string ? string : Message };

type PlaceholderOf<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

type TextOf<T> = T extends string
  ? T
  : T extends { readonly other: infer Other extends string }
    ? Other
    : never;

type CountOf<T> = T extends string ? never : 'count';

export type ValueName<M, K extends KeyOf<M>> = PlaceholderOf<TextOf<M[K]>> | CountOf<M[K]>;

/** Values for the placeholders of a message; a message without any takes none. */
export type ValuesOf<M, K extends KeyOf<M>> = [ValueName<M, K>] extends [never]
  ? []
  : [values: { readonly [N in ValueName<M, K>]: N extends 'count' ? number : string | number }];

/** Keys whose message needs no values, which is what most labels are. */
export type PlainKeyOf<M> = { [K in KeyOf<M>]: [ValueName<M, K>] extends [never] ? K : never }[KeyOf<M>];
