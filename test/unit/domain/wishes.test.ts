import fc from 'fast-check';
import { LIMITS, wishesSchema } from '../../../src/protocol';

test('M1 interests are brought into one form, so that the same words meet', () => {
  const parsed = wishesSchema.parse({
    mode: 'text',
    interests: ['  Film   Photography ', 'film photography', 'ＴＥＡ'],
  });
  expect(parsed.interests).toEqual(['film photography', 'tea']);
});

test('M1 whatever text an interest is made of, it is rejected or short, trimmed and printable', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 12 }), (interests) => {
      const parsed = wishesSchema.safeParse({ mode: 'video', interests });
      if (!parsed.success) return;
      expect(parsed.data.interests.length).toBeLessThanOrEqual(LIMITS.interests);
      for (const interest of parsed.data.interests) {
        expect(interest).toBe(interest.trim());
        expect(interest).not.toMatch(/\p{C}/u);
        expect(interest.length).toBeLessThanOrEqual(LIMITS.interestChars);
        expect(wishesSchema.parse({ mode: 'text', interests: [interest] }).interests).toEqual([interest]);
      }
    }),
  );
});
