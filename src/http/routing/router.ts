import { Router, type RequestHandler, type Response } from 'express';
import type { AddressHasher } from '../../app/ports/address-hasher';
import type { Endpoint, EndpointTable, Method } from '../../protocol';
import type { Authenticator } from '../auth/authenticator';
import { Authorization } from '../auth/authorization';
import type { CookieJar } from '../cookies';
import { rawReplySchema } from '../endpoints/node-schemas';
import { methodNotAllowed } from '../errors';
import { readBody } from './body';
import { clientOf, cookieChanges } from './browser';
import { ReplyWithStatus, type Answer, type Handler, type Handlers } from './context';
import { originCheck } from './same-origin';
import { checkedBody, checkedParams } from './validation';

export interface RoutingOptions {
  readonly authenticators: readonly Authenticator[];
  readonly jar: CookieJar;
  readonly addresses: AddressHasher;
  /** Origins whose pages may change something, besides those served from here. */
  readonly allowedOrigins: readonly string[];
}

const EXPRESS_METHOD = { GET: 'get', POST: 'post', PATCH: 'patch', DELETE: 'delete' } as const;

/** Serves every endpoint of a table by the rules of its entry. To be mounted at the root. */
export function endpointRouter<T extends EndpointTable<keyof T>>(
  table: T,
  handlers: Handlers<T>,
  options: RoutingOptions,
): Router {
  const router = Router();
  const serve = endpointServer(options);
  for (const path of new Set(Object.values<Endpoint>(table).map((endpoint) => endpoint.path))) {
    const route = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    const methods: Method[] = [];
    for (const name in table) {
      const endpoint = table[name];
      if (endpoint.path !== path) continue;
      route[EXPRESS_METHOD[endpoint.method]](serve(endpoint, handlers[name]));
      methods.push(endpoint.method);
    }
    route.all(methodNotAllowed(...methods));
  }
  return router;
}

/** Answers a request by the rules of its endpoint, in this order: origin, caller, body, parameters, handler. */
function endpointServer({ authenticators, jar, addresses, allowedOrigins }: RoutingOptions) {
  const authorization = new Authorization(authenticators);
  const checkOrigin = originCheck(allowedOrigins);
  return <E extends Endpoint>(endpoint: E, handler: Handler<E>): RequestHandler =>
    async (request, response) => {
      if (endpoint.audience !== 'programs') {
        response.setHeader('Cache-Control', 'no-store');
        if (endpoint.method !== 'GET') checkOrigin(request);
      }
      const caller = await authorization.callerWith<E['role']>(endpoint.role, request);
      const content = await readBody(endpoint, request, response);
      const answer = await handler({
        caller,
        body: checkedBody<E['body']>(endpoint.body, content),
        params: checkedParams<E['path']>(endpoint.path, request.params),
        credentials: jar.credentials(request.headers.cookie),
        client: clientOf(request, addresses),
        cookies: cookieChanges(jar, request, response),
        header: (name) => request.header(name),
      });
      sendReply(response, endpoint, answer);
    };
}

/** Sends what the schema of the endpoint names, and nothing that a record has besides. */
function sendReply<E extends Endpoint>(response: Response, endpoint: E, answer: Answer<E>): void {
  const { status, reply } = answer instanceof ReplyWithStatus ? answer : { status: 200, reply: answer };
  const parsed = endpoint.reply.parse(reply);
  response.status(status);
  if (endpoint.contentType === undefined) {
    response.json(parsed);
    return;
  }
  const { type, body } = rawReplySchema.parse(parsed);
  response.setHeader('Content-Type', type);
  response.send(body);
}
