import { z } from 'zod';
import { grantReplySchema, grantSchema } from '../grants';
import {
  cleanUpReplySchema,
  drainReplySchema,
  healthReplySchema,
  roomsReplySchema,
  statsReplySchema,
  webhookReplySchema,
} from '../replies';
import { content, describe, type Operation } from './operation';

/** What is not in the table of people's API. */
export const nodeOperations = (): Operation[] => [
  ...forEverybody(),
  ...forOperators(),
  ...draining(),
  billingEvent(),
];

/** What the node says of itself to whoever asks. */
const forEverybody = (): Operation[] => [
  {
    method: 'GET',
    path: '/videochat/health',
    operation: describe({
      id: 'health',
      summary: 'How the node is; 503 when it is down, draining or stopping',
      who: 'anyone',
      reply: healthReplySchema,
      also: { 503: { description: 'Down, draining or stopping', content: content(healthReplySchema) } },
    }),
  },
  {
    method: 'GET',
    path: '/videochat/stats',
    operation: describe({
      id: 'stats',
      summary: 'How many are here, searching and in calls',
      who: 'anyone',
      reply: statsReplySchema,
    }),
  },
  {
    method: 'GET',
    path: '/api/openapi.json',
    operation: describe({ id: 'openApi', summary: 'This description', who: 'anyone', reply: description }),
  },
];

/** What only those who run the node may see and do. */
const forOperators = (): Operation[] => [
  {
    method: 'GET',
    path: '/videochat/rooms',
    operation: describe({
      id: 'rooms',
      summary: 'Calls that are going on',
      who: 'operator',
      reply: roomsReplySchema,
    }),
  },
  {
    method: 'POST',
    path: '/videochat/cleanup',
    operation: describe({
      id: 'cleanUp',
      summary: 'Takes away what should not exist',
      who: 'operator',
      reply: cleanUpReplySchema,
    }),
  },
  {
    method: 'POST',
    path: '/videochat/plans',
    operation: describe({
      id: 'grantPlan',
      summary: 'Gives somebody a plan',
      who: 'operator',
      reply: grantReplySchema,
      more: { requestBody: { required: true, content: content(grantSchema) } },
    }),
  },
  {
    method: 'GET',
    path: '/metrics',
    operation: describe({
      id: 'metrics',
      summary: 'Figures for Prometheus',
      who: 'operator',
      reply: { 'text/plain': { schema: { type: 'string' } } },
    }),
  },
];

/** How a node is emptied before something is done with it. */
const draining = (): Operation[] => [
  {
    method: 'POST',
    path: '/videochat/drain',
    operation: describe({
      id: 'drain',
      summary: 'Empties the node: what it has moves to others; says what is left',
      who: 'operator',
      reply: drainReplySchema,
    }),
  },
  {
    method: 'DELETE',
    path: '/videochat/drain',
    operation: describe({
      id: 'endDrain',
      summary: 'Takes it back: people and lines may come again',
      who: 'operator',
      reply: drainReplySchema,
    }),
  },
];

/** What a billing provider tells; it shows who it is by its signature. */
const billingEvent = (): Operation => ({
  method: 'POST',
  path: '/api/billing/stripe',
  operation: describe({
    id: 'billingEvent',
    summary: 'What Stripe tells of subscriptions; 404 where no billing provider is set up',
    who: 'anyone',
    reply: webhookReplySchema,
    also: { 404: { $ref: '#/components/responses/Refused' } },
    more: {
      parameters: [{ name: 'Stripe-Signature', in: 'header', required: true, schema: { type: 'string' } }],
      requestBody: {
        required: true,
        description: 'An event, its bytes as Stripe signed them',
        content: content(event),
      },
    },
  }),
});

/** Stripe's own form, of which only what is signed is believed. */
const event = z.looseObject({});

const description = z.object({
  openapi: z.string(),
  info: z.looseObject({}),
  paths: z.looseObject({}),
  components: z.looseObject({}),
});
