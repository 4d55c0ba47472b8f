import { z } from 'zod';
import type { Role } from './roles';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** How a request's body is read: as JSON, as the bytes that came, or not at all. */
export type BodyFormat = 'none' | 'json' | 'bytes';

/** Everything about an endpoint that most of them leave out. */
export interface EndpointOptions {
  /**
   * Who calls it. `browsers` (also when left out): the pages of this product. The caller is known by cookies, so a
   * change has to come from one of our own pages, and nothing is cached. `programs`: anything else.
   */
  readonly audience?: 'browsers' | 'programs';
  /** Left out: `json` for POST and PATCH, `none` for GET and DELETE. */
  readonly bodyFormat?: BodyFormat;
  /** What the body is, in a sentence for the description. */
  readonly bodyDescription?: string;
  /** Headers that the handler reads. */
  readonly headers?: readonly string[];
  /** The type of a reply that is not JSON. The reply is then a `rawReplySchema`. */
  readonly contentType?: string;
  /** Statuses besides 200: `error` has the body of every error, anything else the reply of the endpoint. */
  readonly statuses?: Readonly<Record<number, 'error' | { readonly description: string }>>;
  /** For operators, in Markdown: what the reply says, and when to call it. */
  readonly details?: string;
}

/** One entry of the table of endpoints. */
export interface Endpoint<
  M extends Method = Method,
  P extends string = string,
  R extends Role = Role,
  B extends z.ZodType = z.ZodType,
  A extends z.ZodType = z.ZodType,
> extends EndpointOptions {
  readonly method: M;
  /** Parameters in it are `{braced}`. */
  readonly path: P;
  /** The role that a caller needs. */
  readonly role: R;
  readonly body: B;
  readonly reply: A;
  /** In a few words, for the description. */
  readonly summary: string;
}

/** Endpoints by their names in code and in the description. */
export type EndpointTable<Name extends PropertyKey> = Readonly<Record<Name, Endpoint>>;

export const nothing = z.object({});
type Nothing = typeof nothing;

/** Each part of an entry keeps its own type, so that a handler is checked against exactly its endpoint. */
const withBody =
  <M extends Method>(method: M) =>
  <P extends string, R extends Role, B extends z.ZodType, A extends z.ZodType>(
    path: P,
    role: R,
    body: B,
    reply: A,
    summary: string,
  ): Endpoint<M, P, R, B, A> => ({ method, path, role, body, reply, summary });

const withoutBody =
  <M extends Method>(method: M) =>
  <P extends string, R extends Role, A extends z.ZodType>(
    path: P,
    role: R,
    reply: A,
    summary: string,
  ): Endpoint<M, P, R, Nothing, A> => ({ method, path, role, body: nothing, reply, summary });

export const get = withoutBody('GET');
export const post = withBody('POST');
export const patch = withBody('PATCH');
export const remove = withoutBody('DELETE');
