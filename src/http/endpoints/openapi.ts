import { z } from 'zod';
import { ERROR_CODES, type Endpoint, type Role } from '../../protocol';
import { COOKIES } from '../cookies';
import { bodyFormatOf } from '../routing/body';
import { paramNames } from '../routing/validation';
import { ENDPOINTS } from './index';
import type { openApiReplySchema } from './node-schemas';

type Json = Readonly<Record<string, unknown>>;

/**
 * The HTTP API as OpenAPI 3.1, made from the table that it is served by; schemas are JSON Schema as zod writes it.
 * Everything that the server answers is in it, except the files and pages of the client.
 */
export const openApiDocument = (): z.infer<typeof openApiReplySchema> => ({
  openapi: '3.1.0',
  info: {
    title: 'Passerby',
    version: '1',
    description:
      'Whatever changes something has to come from a page of this host (`Origin`) and with a JSON body. Errors carry ' +
      'a code that never changes its meaning.',
  },
  paths: paths(),
  components: {
    securitySchemes: {
      logIn: { type: 'apiKey', in: 'cookie', name: COOKIES.logIn },
      guest: { type: 'apiKey', in: 'cookie', name: COOKIES.guest },
      operator: { type: 'http', scheme: 'bearer' },
    },
    responses: {
      Refused: { description: 'Refused, and why', content: jsonContent(errorReplySchema) },
    },
  },
});

const errorReplySchema = z.object({
  error: z.object({
    code: z.enum(ERROR_CODES),
    message: z.string(),
    retryAfterMs: z.number().optional(),
  }),
});
const ERROR_REPLY: Json = { $ref: '#/components/responses/Refused' };

/** The credentials that give a caller each role. */
const SECURITY: Readonly<Record<Role, readonly Json[]>> = {
  anyone: [],
  user: [{ logIn: [] }, { guest: [] }],
  account: [{ logIn: [] }],
  operator: [{ operator: [] }],
};

function paths(): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(ENDPOINTS)) {
    const { path, method } = endpoint;
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, endpoint) };
  }
  return paths;
}

function operation(name: string, endpoint: Endpoint): Json {
  const { summary, role } = endpoint;
  const parameters = parametersOf(endpoint);
  return {
    operationId: name,
    summary,
    security: SECURITY[role],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBodyOf(endpoint),
    responses: responsesOf(endpoint),
  };
}

const parametersOf = ({ path, headers = [] }: Endpoint): Json[] => [
  ...paramNames(path).map((name) => parameter(name, 'path')),
  ...headers.map((name) => parameter(name, 'header')),
];

const parameter = (name: string, place: 'path' | 'header'): Json => ({
  name,
  in: place,
  required: true,
  schema: { type: 'string' },
});

function requestBodyOf(endpoint: Endpoint): Json {
  const format = bodyFormatOf(endpoint);
  if (format === 'none') return {};
  const { bodyDescription: description } = endpoint;
  const content = jsonContent(format === 'json' ? endpoint.body : unreadSchema);
  return { requestBody: { required: true, ...(description === undefined ? {} : { description }), content } };
}

/** JSON of whose content the server reads nothing before it has checked the bytes. */
const unreadSchema = z.looseObject({});

function responsesOf({ reply, contentType, statuses = {} }: Endpoint): Json {
  const content =
    contentType === undefined ? jsonContent(reply) : { [contentType]: { schema: { type: 'string' } } };
  const others = Object.entries(statuses).map(([status, what]): [string, Json] => [
    status,
    what === 'error' ? ERROR_REPLY : { description: what.description, content },
  ]);
  return { 200: { description: 'Done', content }, ...Object.fromEntries(others), default: ERROR_REPLY };
}

/** Schemas describe what is sent, before transforms: JSON Schema cannot express these. */
function jsonContent(schema: z.ZodType): Json {
  return { 'application/json': { schema: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) } };
}
