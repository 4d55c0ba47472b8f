import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Express } from 'express';
import { z } from 'zod';
import { networksOf } from '../domain/addresses';

/**
 * The household a request comes from, `X-Forwarded-For` believed only as far as the trusted proxies go. It is
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
    return networksOf(hops[untrusted === -1 ? hops.length - 1 : untrusted] ?? 'unknown').household;
  };
}

/** Whether a request came over TLS, as far as the trusted proxies can tell: express's own rule again. */
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
