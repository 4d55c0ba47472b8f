import { erasedLine } from '../../../client/src/chat/pages/privacy/erased-line';
import type { ChatMessages } from '../../../client/src/chat/words';
import { de } from '../../../client/src/chat/words/de';
import { en } from '../../../client/src/chat/words/en';
import { makeWords } from '../../../client/src/ui/words/words';
import { ERASED } from '../../../src/protocol/api/privacy';

describe('G1 what was erased', () => {
  it.each([
    ['en', en],
    ['de', de],
  ] as const)('G1 is said in words for each kind, never as a bare figure (%s)', (tag, catalogue) => {
    const words = makeWords<ChatMessages>(tag, 'ltr', catalogue, tag);
    for (const what of ERASED) {
      for (const count of [1, 3]) expect(erasedLine(what, count, words)).toMatch(/\p{L}{3,}/u);
    }
    expect(erasedLine('calls', 1, words)).not.toBe(erasedLine('calls', 3, words).replace('3', '1'));
  });
});
