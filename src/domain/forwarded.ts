import { parseAddress } from './addresses';

/**
 * The address in one entry of an `X-Forwarded-For` header, in the one spelling that this program uses; null: the entry
 * names none. Proxies write entries in many ways: with a port, in brackets, in quotation marks, with the parameters of
 * RFC 7239. A port differs with each connection, so it must not make another address.
 */
export function forwardedAddress(entry: string): string | null {
  const [node = ''] = entry.split(';', 1);
  const bare = node
    .trim()
    .replace(/^for=/i, '')
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare)?.[1];
  if (bracketed !== undefined) return textOf(bracketed);
  return textOf(bare) ?? textOf(/^(.+):\d{1,5}$/.exec(bare)?.[1] ?? '');
}

/** An address with the length of a prefix is a network, which no client has. */
const textOf = (text: string): string | null =>
  text.includes('/') ? null : (parseAddress(text)?.text ?? null);
