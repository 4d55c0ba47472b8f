import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Express } from 'express';
import { z } from 'zod';
import { networksOf } from '../domain/addresses';

/**
 * The address of the household that a request comes from. `X-Forwarded-For` is believed only as far as the trusted
 * proxies go. The rule is that of Express, so that sockets and HTTP requests never disagree.
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
    return networksOf(hops[untrusted === -1 ? hops.length - 1 : untrusted] ?? 'unknown').household;
  };
}

/** Whether a request came over TLS, as far as the trusted proxies say. This rule is that of Express too. */
export function tlsReader(app: Express): (request: IncomingMessage) => boolean {
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
