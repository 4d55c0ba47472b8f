import type { EraseReply } from '../../../../../src/protocol';
import type { Words } from '../../words';

/** One kind of data that was erased, as words; a bare figure would not say what it counts. */
export function erasedLine(what: EraseReply['erased'][number]['what'], count: number, words: Words): string {
  switch (what) {
    case 'account':
      return words.say('erased.account');
    case 'plan':
      return words.say('erased.plan');
    case 'devices':
      return words.say('erased.devices', { count });
    case 'calls':
      return words.say('erased.calls', { count });
  }
}
