import type { IncomingMessage } from 'node:http';

export interface OriginRuleOptions {
  /** What a request without `Origin` is: left out, it is not a browser's page and may come. */
  readonly withoutOrigin?: (request: IncomingMessage) => boolean;
  /** Whether a request surely came over TLS. Left out: nobody knows. */
  readonly isTls?: (request: IncomingMessage) => boolean;
}

/**
 * Whether a request comes from a page of our own host, or of an origin the operator names. Browsers say it in `Origin`,
 * which no page can set. What came over TLS is for pages that came over TLS: the same host without it may be anybody
 * on the way. Where TLS ends before us and nobody tells, the host alone decides.
 */
export function originRule(
  allowed: readonly string[],
  { withoutOrigin = () => true, isTls = () => false }: OriginRuleOptions = {},
): (request: IncomingMessage) => boolean {
  return (request) => {
    const { origin, host } = request.headers;
    if (origin === undefined) return withoutOrigin(request);
    if (allowed.includes(origin)) return true;
    // `null` is what sandboxed pages and files say: never ours.
    const page = URL.canParse(origin) ? new URL(origin) : undefined;
    if (page === undefined || !/^https?:$/.test(page.protocol)) return false;
    if (isTls(request) && page.protocol !== 'https:') return false;
    return page.host === hostAsIn(page.protocol, host);
  };
}

/** A `Host` header as an origin of this protocol names it: in small letters, without the usual port. */
function hostAsIn(protocol: string, host = ''): string | undefined {
  const address = `${protocol}//${host}`;
  return URL.canParse(address) ? new URL(address).host : undefined;
}
