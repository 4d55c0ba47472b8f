import { Router } from 'express';
import { z } from 'zod';
import { API, ERROR_CODES } from '../../protocol';
import { COOKIES } from '../cookies';
import { methodNotAllowed } from '../errors';
import { nodeOperations } from './node-operations';
import { content, describe, type Json, type Operation } from './operation';

/** `GET /api/openapi.json`: the HTTP face of the product, described from the table it is served by. */
export function openApiRoutes(): Router {
  const router = Router();
  const document = openApiDocument();
  router
    .route('/')
    .get((_request, response) => void response.json(document))
    .all(methodNotAllowed('GET'));
  return router;
}

/**
 * OpenAPI 3.1, whose schemas are JSON Schema as zod writes it. Everything the server answers is in it but the client's
 * own files and pages.
 */
export const openApiDocument = (): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'Passerby',
    version: '1',
    description:
      'Whatever changes something has to come from a page of this host (`Origin`) and with a JSON body. Errors carry ' +
      'a code that never changes its meaning.',
  },
  paths: paths([...apiOperations(), ...nodeOperations()]),
  components: {
    securitySchemes: {
      logIn: { type: 'apiKey', in: 'cookie', name: COOKIES.logIn },
      guest: { type: 'apiKey', in: 'cookie', name: COOKIES.guest },
      operator: { type: 'http', scheme: 'bearer' },
    },
    responses: {
      Refused: {
        description: 'Refused, and why',
        content: content(
          z.object({
            error: z.object({
              code: z.enum(ERROR_CODES),
              message: z.string(),
              retryAfterMs: z.number().optional(),
            }),
          }),
        ),
      },
    },
  },
});

function paths(operations: readonly Operation[]): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const { method, path, operation } of operations) {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  }
  return paths;
}

const apiOperations = (): Operation[] =>
  Object.entries(API).map(([name, { method, path, access, body, reply, summary }]) => {
    const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, place]) => place);
    const parameters = places.map((place) => ({
      name: place,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }));
    return {
      method,
      path,
      operation: describe({
        id: name,
        summary,
        who: access,
        reply,
        more: {
          ...(parameters.length > 0 ? { parameters } : {}),
          ...(method === 'POST' || method === 'PATCH'
            ? { requestBody: { required: true, content: content(body) } }
            : {}),
        },
      }),
    };
  });
