import type { z } from 'zod';
import type { Visit } from '../../app/accounts';
import type { Credentials } from '../../app/accounts/identity';
import type { Endpoint, EndpointTable } from '../../protocol';
import type { CallerWith } from '../auth/caller';

/** The names that stand in a path in `{braces}`. */
type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** The parameters of a path by name. */
export type PathParams<Path extends string> = Readonly<Record<ParamNames<Path>, string>>;

/** One request as its handler gets it: the caller may call the endpoint, and everything has been parsed. */
export interface RequestContext<E extends Endpoint> {
  readonly caller: CallerWith<E['role']>;
  readonly body: z.output<E['body']>;
  readonly params: PathParams<E['path']>;
  /** The credentials in the cookies. Only the signature of a guest's session has been checked. */
  readonly credentials: Credentials;
  /** Where the request comes from and with which browser. */
  readonly client: Visit;
  /** Changes the cookies of the browser with the reply. */
  readonly cookies: CookieChanges;
  /** A header that the entry of the endpoint names. */
  readonly header: (name: string) => string | undefined;
}

/** Changes of a browser's cookies. */
export interface CookieChanges {
  logIn(token: string): void;
  guest(session: string): void;
  forget(...names: readonly ('logIn' | 'guest')[]): void;
}

/** A reply with one of the statuses besides 200 that the entry of the endpoint names. */
export class ReplyWithStatus<Status extends number, Reply> {
  constructor(
    readonly status: Status,
    readonly reply: Reply,
  ) {}
}

type StatusOf<E extends Endpoint> = Extract<keyof NonNullable<E['statuses']>, number>;
type ReplyOf<E extends Endpoint> = z.output<E['reply']>;
export type Answer<E extends Endpoint> = ReplyOf<E> | ReplyWithStatus<StatusOf<E>, ReplyOf<E>>;

export type Handler<E extends Endpoint> = (context: RequestContext<E>) => Answer<E> | Promise<Answer<E>>;

/** One handler for each endpoint of the table: a missing one does not compile. */
export type Handlers<T extends EndpointTable<keyof T>> = { readonly [N in keyof T]: Handler<T[N]> };
