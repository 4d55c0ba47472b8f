import { z } from 'zod';
import { UPDATE_OPERATORS } from '../store/language';
import type { Entry } from '../store/outbox';

/**
 * An entry as text. Its filter and update were checked against the schema before it was written, and the store checks
 * them again.
 */
const entrySchema = z.strictObject({
  collection: z.string(),
  filter: z.record(z.string(), z.unknown()),
  update: z.partialRecord(z.enum(UPDATE_OPERATORS), z.record(z.string(), z.unknown())),
  upsert: z.boolean(),
});

/** Undefined when the value is not an entry. */
export function toEntry(value: unknown): Entry | undefined {
  const parsed = entrySchema.safeParse(value);
  // The operators' operands are checked by the store, see above.
  return parsed.success ? (parsed.data as Entry) : undefined;
}
