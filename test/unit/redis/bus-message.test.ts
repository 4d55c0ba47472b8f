import fc from 'fast-check';
import { encodeMessage, parseMessage } from '../../../src/redis/bus/message';

test('V8 a message carries its texts whatever they hold, and a probe none', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.json());
  fc.assert(
    fc.property(fc.array(text), fc.integer({ min: 1 }), (texts, number) => {
      const message = { sender: 'x-Y_1', number, texts };
      expect(parseMessage(encodeMessage(message))).toEqual(message);
    }),
  );
});

test('V8 a text that is not a message is an error', () => {
  const wrong = [
    '',
    'a',
    'a b c',
    'a 0 1 t',
    ' 1 1 t',
    'a 1 3 ab',
    'a 1 1 ab',
    'a 1 1,1 a',
    'a 1 -1 a',
    'a 1 ',
  ];
  for (const text of wrong) expect(() => parseMessage(text)).toThrow();
});
