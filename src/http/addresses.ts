import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Application } from 'express';
import { z } from 'zod';
import { networksOf, parseAddress } from '../domain/addresses';
import { forwardedAddress } from '../domain/forwarded';

/**
 * What a request says about the proxies before it. `direct`: nothing. `trusted`: a trusted proxy named the client.
 * `untrusted`: a peer that is no trusted proxy named somebody. `unreadable`: a trusted proxy did not name an address.
 */
export type Forwarding = 'direct' | 'trusted' | 'untrusted' | 'unreadable';

/** Where a request comes from. */
export interface RequestOrigin {
  /** The household of the client, or of the last proxy whose word could be taken. */
  readonly household: string;
  readonly forwarding: Forwarding;
}

export type OriginReader = (request: IncomingMessage) => RequestOrigin;

/** Headers in which proxies name the client, but which are not read: clients could send them through other proxies. */
const OTHER_HEADERS = ['forwarded', 'x-real-ip'] as const;

/**
 * Reads where a request comes from. `X-Forwarded-For` is believed only as far as the trusted proxies go. What a trusted
 * proxy wrote but is no address is not taken as the name of a household: a client that varies it would have as many
 * households as it likes. Sockets and HTTP requests share this one rule.
 */
export function originReader(app: Application): OriginReader {
  const trusts = trustFunction.parse(app.get('trust proxy fn'));
  return ({ headers, socket }) => {
    const entries = String(headers['x-forwarded-for'] ?? '')
      .split(',')
      .filter((entry) => entry.trim() !== '');
    const peer = parseAddress(socket.remoteAddress ?? '')?.text ?? 'unknown';
    const namesClient = entries.length > 0 || OTHER_HEADERS.some((name) => headers[name] !== undefined);
    if (!namesClient) return { household: networksOf(peer).household, forwarding: 'direct' };
    if (!trusts(peer, 0)) return { household: networksOf(peer).household, forwarding: 'untrusted' };
    const { address, isReadable } = farthestTrusted(peer, entries, trusts);
    return { household: networksOf(address).household, forwarding: isReadable ? 'trusted' : 'unreadable' };
  };
}

/** Follows the entries, nearest first, as far as trusted proxies wrote them. Stops where one is no address. */
function farthestTrusted(
  peer: string,
  entries: readonly string[],
  trusts: (address: string, hop: number) => boolean,
): { address: string; isReadable: boolean } {
  let address = peer;
  for (const [index, entry] of entries.toReversed().entries()) {
    const named = forwardedAddress(entry);
    if (named === null) return { address, isReadable: false };
    address = named;
    if (!trusts(address, index + 1)) break;
  }
  return { address, isReadable: entries.length > 0 };
}

/** Whether a request came over TLS, as far as the trusted proxies say. This rule is that of Express too. */
export function tlsReader(app: Application): (request: IncomingMessage) => boolean {
  const trusts = trustFunction.parse(app.get('trust proxy fn'));
  return ({ socket, headers }) => {
    if (socket instanceof TLSSocket) return true;
    if (!trusts(socket.remoteAddress ?? 'unknown', 0)) return false;
    const [forwarded] = String(headers['x-forwarded-proto'] ?? '').split(',', 1);
    return forwarded?.trim().toLowerCase() === 'https';
  };
}

const trustFunction = z.custom<(address: string, hop: number) => boolean>(
  (value) => typeof value === 'function',
);
