import type { IncomingMessage } from 'node:http';

export interface OriginRuleOptions {
  /** Whether a request without `Origin` is allowed. Left out: it is, since no page of a browser sent it. */
  readonly withoutOrigin?: (request: IncomingMessage) => boolean;
  /** Whether a request surely came over TLS. Left out: that is not known. */
  readonly isTls?: (request: IncomingMessage) => boolean;
}

/**
 * Whether a request comes from a page of this host, or of an origin that the operator names. Browsers send the origin
 * in `Origin`, which no page can set. A request over TLS is allowed only from pages that came over TLS: without TLS,
 * anybody on the way can pretend to be the same host. Where a proxy ends TLS and does not say so, the host alone
 * decides.
 */
export function originRule(
  allowed: readonly string[],
  { withoutOrigin = () => true, isTls = () => false }: OriginRuleOptions = {},
): (request: IncomingMessage) => boolean {
  return (request) => {
    const { origin, host } = request.headers;
    if (origin === undefined) return withoutOrigin(request);
    if (allowed.includes(origin)) return true;
    // Sandboxed pages and files send `null`: they are never ours.
    const page = URL.canParse(origin) ? new URL(origin) : undefined;
    if (page === undefined || !/^https?:$/.test(page.protocol)) return false;
    if (isTls(request) && page.protocol !== 'https:') return false;
    return page.host === hostAsIn(page.protocol, host);
  };
}

/** A `Host` header as an origin of this protocol writes it: in lower case, without the default port. */
function hostAsIn(protocol: string, host = ''): string | undefined {
  const address = `${protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : undefined;
}
