import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { isUnicast, parseAddress } from '../domain/addresses';
import { host, httpUrl, list, port, wholeNumber } from './forms';
import { defineFeature, optionalVariable, variable, type ValuesOf } from './variable';

/** As express takes them: an address, a subnet, or one of its names for private ones. */
const proxySchema = z
  .union(
    [z.enum(['loopback', 'linklocal', 'uniquelocal']), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
    'is no address, subnet, loopback, linklocal or uniquelocal',
  )
  // Express refuses it as well, without a word about the variable.
  .refine((proxy) => !proxy.endsWith('/0'), 'stands for all addresses: everybody could claim any address');

/** A name, or an address that one machine has. */
function isReachable(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return parseAddress(host) === null || isUnicast(host);
}

export const http = defineFeature('HTTP', {
  HOST: variable({
    schema: host,
    default: '127.0.0.1',
    description:
      'Address on which HTTP and WebSockets are served. Browsers give cameras only to `localhost` and to HTTPS, so put a TLS proxy in front of any other address.',
  }),
  PORT: variable({
    schema: port,
    default: '3000',
    description: 'TCP port of HTTP and WebSockets, 0 to 65535. `0` takes any free port.',
  }),
  PUBLIC_URL: optionalVariable({
    // What is no address has no path to be looked at.
    schema: httpUrl('is no http:// or https:// address').superRefine((text, context) => {
      if (!URL.canParse(text)) return;
      const { hostname, pathname, search, hash, username, password } = new URL(text);
      if (!isReachable(hostname))
        context.addIssue(`has to name a host that people can reach; ${hostname} is none`);
      if (pathname !== '/') context.addIssue('has to be without a path: everything is served at the root');
      if (`${search}${hash}${username}${password}` !== '')
        context.addIssue('has to be a host alone, such as https://chat.example.org');
    }),
    defaultInWords: '`http://localhost:PORT`',
    example: 'https://chat.example.org',
    description:
      'Address at which people reach the product, for links in e-mails and for payment pages: `http://` or `https://`, without a path. Selling plans needs it.',
  }),
  ALLOWED_ORIGINS: variable({
    schema: list.pipe(z.array(httpUrl('is no origin such as https://example.org'))),
    default: '',
    defaultInWords: 'none',
    example: 'https://example.org,https://www.example.org',
    description:
      'Origins whose pages may open a socket and change things through the API, besides pages served from here and from `PUBLIC_URL`. `http://` or `https://` addresses with commas between.',
  }),
  TRUSTED_PROXIES: variable({
    schema: list.pipe(z.array(proxySchema)),
    default: '',
    defaultInWords: 'none',
    example: 'loopback,10.0.0.0/8',
    description:
      'Proxies whose `X-Forwarded-For` header is believed: addresses, subnets, or the names `loopback`, `linklocal` and `uniquelocal`, with commas between. Behind a proxy that is not listed, everybody counts as one address.',
  }),
  KEEP_ALIVE_SECONDS: variable({
    schema: wholeNumber(1, 3600),
    default: '75',
    description:
      'How many seconds, 1 to 3600, an idle connection of HTTP stays open. It has to be longer than the idle time-out of the proxy in front, or the proxy now and then answers 502: 60 is usual, Google Cloud has 600.',
  }),
  CLIENT_DIR: optionalVariable({
    schema: z
      .string()
      .refine((folder) => existsSync(path.join(folder, 'index.html')), 'is no folder with a built client'),
    defaultInWords: '`build/client`',
    example: 'build/client',
    description: 'Folder with the built client. A folder that is set here has to contain `index.html`.',
  }),
});

export type HttpValues = ValuesOf<typeof http>;

export interface HttpConfig {
  readonly host: string;
  readonly port: number;
  /** Origin at which people reach the product. */
  readonly publicUrl: string;
  /** Origins whose pages may open a socket, besides pages served from here. */
  readonly allowedOrigins: readonly string[];
  /** Addresses or subnets of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** How long an idle connection stays open. */
  readonly keepAliveMs: number;
  readonly clientDir: string;
}

export function httpConfig(values: HttpValues): HttpConfig {
  const { HOST, PORT, PUBLIC_URL } = values;
  return {
    host: HOST,
    port: PORT,
    publicUrl: PUBLIC_URL === undefined ? `http://localhost:${PORT}` : new URL(PUBLIC_URL).origin,
    // Our own pages too, where a proxy gives requests another host than people see.
    allowedOrigins: [...values.ALLOWED_ORIGINS, ...(PUBLIC_URL === undefined ? [] : [PUBLIC_URL])].map(
      (origin) => new URL(origin).origin,
    ),
    trustedProxies: values.TRUSTED_PROXIES,
    keepAliveMs: values.KEEP_ALIVE_SECONDS * 1000,
    // The default folder may be missing where nobody needs a page.
    clientDir: path.resolve(values.CLIENT_DIR ?? 'build/client'),
  };
}
