import { z } from 'zod';
import type { Access } from '../../protocol';

export type Json = Readonly<Record<string, unknown>>;

/** One operation of the description, and where it stands. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: Json;
}

/** The form before it is brought into shape: shapes it is brought into have no words in JSON Schema. */
export const content = (schema: z.ZodType): Json => ({
  'application/json': { schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) },
});

const SECURITY: Readonly<Record<Access | 'operator', readonly Json[]>> = {
  anyone: [],
  known: [{ logIn: [] }, { guest: [] }],
  account: [{ logIn: [] }],
  operator: [{ operator: [] }],
};

export interface Described {
  readonly id: string;
  readonly summary: string;
  readonly who: keyof typeof SECURITY;
  /** As a schema of JSON, or as OpenAPI has contents. */
  readonly reply: z.ZodType | Json;
  /** Statuses besides 200 that have something to say, each with its description; refused ones are all alike. */
  readonly also?: Json;
  readonly more?: Json;
}

export const describe = ({ id, summary, who, reply, also = {}, more = {} }: Described): Json => ({
  operationId: id,
  summary,
  security: SECURITY[who],
  ...more,
  responses: {
    200: { description: 'Done', content: reply instanceof z.ZodType ? content(reply) : reply },
    ...also,
    default: { $ref: '#/components/responses/Refused' },
  },
});
