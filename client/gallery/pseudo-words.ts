import type { Message, Messages } from '../src/ui/words/catalogue';
import { en } from '../src/chat/words/en';

/** 40 % longer, as other languages may be, with the placeholders left alone. */
const longer = (text: string): string =>
  `${text} ${'ـ'.repeat(Math.ceil(text.length * 0.2))} ${text.slice(0, Math.ceil(text.length * 0.2)).replace(/[{}]/g, '')}`;

const lengthened = (message: Message): Message =>
  typeof message === 'string'
    ? longer(message)
    : {
        ...message,
        other: longer(message.other),
        ...(message.one === undefined ? {} : { one: longer(message.one) }),
      };

/** A catalogue of long lines, shown from right to left, to see whether the screens have room for other languages. */
export const pseudoCatalogue = (): Messages =>
  Object.fromEntries(Object.entries<Message>(en).map(([key, message]) => [key, lengthened(message)]));
