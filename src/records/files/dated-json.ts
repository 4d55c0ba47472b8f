import { z } from 'zod';

const taggedDate = z.strictObject({ $date: z.number() });

/** JSON in which dates are `{"$date": ms}`. No field of a record begins with a dollar, so this is unambiguous. */
export const toDatedJson = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key, given: unknown) {
    // `given` is what Date.toJSON made of a date; the holder still has the date itself.
    const held = this[key];
    return held instanceof Date ? { $date: held.getTime() } : given;
  });

/** The reverse of `toDatedJson`. Throws when the text is not JSON. */
export const fromDatedJson = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('$date' in value)) return value;
    const tagged = taggedDate.safeParse(value);
    return tagged.success ? new Date(tagged.data.$date) : value;
  });
