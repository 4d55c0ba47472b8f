import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import type { Identities } from '../../app/accounts/identities';
import type { Visit } from '../../app/accounts';
import type { Identity } from '../../app/accounts/identity';
import type { AddressHasher } from '../../app/ports/address-hasher';
import { keptUserAgent } from '../../domain/users';
import { DomainError } from '../../domain/error';
import { API, type Access, type ApiBody, type ApiName } from '../../protocol';
import type { CookieJar } from '../cookies';
import { methodNotAllowed } from '../errors';
import { readJson } from './body';
import type { AccountIdentity, Asked, CookieChanges, Handlers } from './handlers';
import { originCheck } from './same-origin';

export interface ApiRouterOptions {
  readonly identities: Pick<Identities, 'identify'>;
  readonly jar: CookieJar;
  readonly addresses: AddressHasher;
  /** Origins whose pages may change something, besides those served from here. */
  readonly allowedOrigins: readonly string[];
  readonly handlers: Handlers;
}

const placesSchema = z.record(z.string(), z.string().max(200));

const isName = (name: string): name is ApiName => Object.hasOwn(API, name);

/** Serves the whole table of routes, each by the rules that stand in it. To be mounted at the root. */
export function apiRouter(options: ApiRouterOptions): Router {
  const router = Router();
  const serve = apiServer(options);
  const names = Object.keys(API).filter(isName);
  for (const path of new Set(names.map((name) => API[name].path))) {
    const here = names.filter((name) => API[name].path === path);
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    for (const name of here) {
      const method = API[name].method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete';
      route[method]((request, response) => serve(name, request, response));
    }
    route.all(methodNotAllowed(...here.map((name) => API[name].method)));
  }
  return router;
}

/** Answers one request by the rules of its entry in the table, in the order: origin, who, body, handler. */
function apiServer({ identities, jar, addresses, allowedOrigins, handlers }: ApiRouterOptions) {
  const checkOrigin = originCheck(allowedOrigins);
  return async <N extends ApiName>(name: N, request: Request, response: Response): Promise<void> => {
    response.setHeader('Cache-Control', 'no-store');
    const { method, body, reply, access } = API[name];
    if (method !== 'GET') checkOrigin(request);
    const credentials = jar.credentials(request.headers.cookie);
    const identify = (): Promise<Identity | null> => identities.identify(credentials);
    const who = await asking(access, identify);
    // A DELETE has nothing to say, and no page of another site can send one without being asked first.
    const content = method === 'POST' || method === 'PATCH' ? await readJson(request) : {};
    const handler = handlers[name];
    // TypeScript cannot see that schema, rule of access and places are those of this very entry.
    const answer = await handler({
      body: checked(body, content) as ApiBody<N>,
      at: checked(placesSchema, request.params) as Asked<N>['at'],
      who: who as Asked<N>['who'],
      credentials,
      visit: visitOf(request, addresses),
      cookies: cookieChanges(jar, request, response),
    });
    // What goes out is what the contract names: nothing a record has besides leaves by accident.
    response.json(reply.parse(answer));
  };
}

async function asking(
  access: Access,
  identify: () => Promise<Identity | null>,
): Promise<(() => Promise<Identity | null>) | Identity | AccountIdentity> {
  if (access === 'anyone') return identify;
  const identity = await identify();
  if (identity === null) throw new DomainError('log_in_first', 'nobody is known by these cookies');
  if (access === 'known') return identity;
  const { isAnonymous, logInId } = identity;
  if (isAnonymous || logInId === null) throw new DomainError('log_in_first', 'this needs an account');
  return { ...identity, isAnonymous, logInId };
}

/** Throws `DomainError('bad_data')` that names the paths at fault, never what stood there. */
function checked<S extends z.ZodType>(schema: S, content: unknown): z.output<S> {
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const paths = new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'the whole body'));
  throw new DomainError('bad_data', `not as it should be: ${[...paths].slice(0, 20).join(', ')}`);
}

const visitOf = (request: Request, addresses: AddressHasher): Visit => ({
  marks: addresses.hash(request.ip ?? 'unknown'),
  userAgent: keptUserAgent(request.headers['user-agent'] ?? ''),
  languages: (request.headers['accept-language'] ?? '').slice(0, 200),
});

function cookieChanges(jar: CookieJar, request: Request, response: Response): CookieChanges {
  const set = (cookie: string): void => void response.append('Set-Cookie', cookie);
  return {
    logIn: (token) => set(jar.logIn(token, request.secure)),
    guest: (session) => set(jar.guest(session, request.secure)),
    forget: (...which) => which.forEach((one) => set(jar.gone(one, request.secure))),
  };
}
