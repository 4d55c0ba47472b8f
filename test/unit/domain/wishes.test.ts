import { wishesSchema } from '../../../src/protocol';

test('M1 interests are brought into one form, so that the same words meet', () => {
  const parsed = wishesSchema.parse({
    mode: 'text',
    interests: ['  Film   Photography ', 'film photography', 'ＴＥＡ'],
  });
  expect(parsed.interests).toEqual(['film photography', 'tea']);
});
