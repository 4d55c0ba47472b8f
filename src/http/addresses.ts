import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Express } from 'express';
import { z } from 'zod';

/**
 * The address a request comes from, `X-Forwarded-For` believed only as far as the trusted proxies go. It is
 * express's own rule, so that sockets and HTTP requests never disagree about it.
 */
export function addressReader(app: Express): (request: IncomingMessage) => string {
  const trusts = trustFunction.parse(app.get('trust proxy fn'));
  return (request) => {
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const hops = [...forwarded, request.socket.remoteAddress ?? 'unknown'].reverse();
    const untrusted = hops.findIndex((address, hop) => !trusts(address, hop));
    return networkOf(hops[untrusted === -1 ? hops.length - 1 : untrusted] ?? 'unknown');
  };
}

/** One household's worth of addresses: an IPv4 address however it is written, the first 64 bits of an IPv6 one. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = (address.split('%', 1)[0] ?? '').split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::')
    ? Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0')
    : [];
  return `${[...groups, ...zeros, ...rest].slice(0, 4).join(':')}::/64`;
}

const trustFunction = z.custom<(address: string, hop: number) => boolean>(
  (value) => typeof value === 'function',
);

/** Pages of our own host, and those the operator names, may open sockets. No `Origin`: not a browser's page. */
export function originRule(allowed: readonly string[]): (request: IncomingMessage) => boolean {
  return ({ headers: { origin, host } }) => {
    if (origin === undefined || allowed.includes(origin)) return true;
    try {
      return new URL(origin).host === host;
    } catch {
      return false;
    }
  };
}
