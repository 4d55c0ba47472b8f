import type { z } from 'zod';

/**
 * Messages between nodes, with mediasoup's terms: a notification has no reply, a request is answered with a reply or
 * a `DomainError`. Each feature defines its own messages beside the code that sends and serves them; `NodeMessenger`
 * parses both ends by these definitions.
 */
export interface NotificationDefinition<Data> {
  readonly kind: 'notification';
  /** Unique among all messages: it goes over the wire. */
  readonly name: string;
  readonly data: z.ZodType<Data>;
}

export interface RequestDefinition<Data, Reply> {
  readonly kind: 'request';
  readonly name: string;
  readonly data: z.ZodType<Data>;
  readonly reply: z.ZodType<Reply>;
}

export const notification = <Data>(name: string, data: z.ZodType<Data>): NotificationDefinition<Data> => ({
  kind: 'notification',
  name,
  data,
});

export const request = <Data, Reply>(
  name: string,
  data: z.ZodType<Data>,
  reply: z.ZodType<Reply>,
): RequestDefinition<Data, Reply> => ({ kind: 'request', name, data, reply });

export type DataOf<M> = M extends { readonly data: z.ZodType<infer Data> } ? Data : never;

export type ReplyOf<M> = M extends { readonly reply: z.ZodType<infer Reply> } ? Reply : never;
