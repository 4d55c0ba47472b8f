import type { Schema } from 'mongoose';
import { z } from 'zod';
import type { AnyModel } from './record-store';

const optionsSchema = z.object({
  unique: z.boolean().default(false),
  partialFilterExpression: z.record(z.string(), z.unknown()).optional(),
  expireAfterSeconds: z.number().optional(),
});

/** An index as a schema declares it. */
export interface DeclaredIndex {
  readonly keys: Readonly<Record<string, 1 | -1>>;
  readonly fields: readonly string[];
  readonly unique: boolean;
  readonly partial?: Readonly<Record<string, unknown>>;
  /** Seconds after the field's date at which a record ends. */
  readonly expireAfterSeconds?: number;
}

export function indexesOf(model: AnyModel): DeclaredIndex[] {
  const schema = model.schema as Schema;
  return schema.indexes().map(([given, options]) => {
    const keys: Record<string, 1 | -1> = {};
    for (const [field, direction] of Object.entries(given)) keys[field] = direction === -1 ? -1 : 1;
    const { unique, partialFilterExpression, expireAfterSeconds } = optionsSchema.parse(options);
    return {
      keys,
      fields: Object.keys(keys),
      unique,
      ...(partialFilterExpression === undefined ? {} : { partial: partialFilterExpression }),
      ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    };
  });
}

/** The field by which records end, if there is one. */
export function expiryOf(model: AnyModel): { field: string; afterMs: number } | undefined {
  const index = indexesOf(model).find(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
  const [field] = index?.fields ?? [];
  return field === undefined ? undefined : { field, afterMs: (index?.expireAfterSeconds ?? 0) * 1000 };
}
