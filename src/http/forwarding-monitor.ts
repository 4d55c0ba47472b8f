import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { scopeOf, type Scope } from '../domain/addresses';
import type { Forwarding, OriginReader } from './addresses';

/** How many requests since the start came with each kind of word from proxies. */
export type ForwardingCounts = Readonly<Record<Exclude<Forwarding, 'direct'>, number>>;

/** `peer`: how far the address of the peer reaches, for the log; the address itself does not belong there. */
export type ForwardingWarning = (message: string, details: { readonly peer: Scope }) => void;

const MESSAGES = {
  untrusted:
    'A proxy that TRUSTED_PROXIES does not name sends the address of clients, so everybody behind it counts as one ' +
    'address and shares its limits. Add the proxy to TRUSTED_PROXIES. (If there is no proxy, a client made the header up.)',
  unreadable:
    'A trusted proxy sends no address that can be read in X-Forwarded-For, so everybody behind it counts as one ' +
    'address and shares its limits. Let the proxy send the address of the client in this header.',
} as const;

/**
 * Counts what proxies say of clients, for health and metrics, and warns once of each kind that makes many clients one
 * address. Without that, limits for each address would fail the wrong people, and nobody would know why.
 */
export class ForwardingMonitor {
  private readonly seen = { trusted: 0, untrusted: 0, unreadable: 0 };

  constructor(private readonly warn: ForwardingWarning) {}

  get counts(): ForwardingCounts {
    return { ...this.seen };
  }

  middleware(originOf: OriginReader): RequestHandler {
    return (request, _response, next) => {
      this.note(request, originOf);
      next();
    };
  }

  note(request: IncomingMessage, originOf: OriginReader): void {
    const { forwarding } = originOf(request);
    if (forwarding === 'direct') return;
    this.seen[forwarding] += 1;
    if (forwarding === 'trusted' || this.seen[forwarding] > 1) return;
    this.warn(MESSAGES[forwarding], { peer: scopeOf(request.socket.remoteAddress ?? '') });
  }
}
