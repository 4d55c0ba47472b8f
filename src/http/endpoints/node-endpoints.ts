import { get, nothing, post, remove } from '../../protocol/api/endpoint';
import type { Endpoint, EndpointOptions } from '../../protocol';
import { banReplySchema, bansReplySchema, imposeBanSchema, imposedBanReplySchema } from './ban-schemas';
import {
  bytesSchema,
  cleanUpReplySchema,
  drainReplySchema,
  grantReplySchema,
  grantSchema,
  healthReplySchema,
  openApiReplySchema,
  rawReplySchema,
  roomsReplySchema,
  statsReplySchema,
  webhookReplySchema,
} from './node-schemas';

const forPrograms = <E extends Endpoint, const O extends EndpointOptions>(endpoint: E, options: O) =>
  ({ ...endpoint, ...options, audience: 'programs' }) as const;

/** What a node reports about itself to any caller. */
const PUBLIC_ENDPOINTS = {
  health: forPrograms(
    get(
      '/videochat/health',
      'anyone',
      healthReplySchema,
      'How the node is; 503 when it is down, draining or stopping',
    ),
    {
      statuses: { 503: { description: 'Down, draining or stopping' } },
      details:
        '`ok`, `degraded` (`degradedBy` says by what: a media worker is being replaced; the records, the disk with ' +
        '`DATA_DIR`, Redis or the mail server is away or hangs; changes are written late; nodes have different ' +
        'settings, which `nodes.different` names), or, with ' +
        'status 503, `down`, `draining` or `stopping`; with what waits to be written, how many nodes are heard, and ' +
        'how many requests came through proxies that `TRUSTED_PROXIES` names or does not name',
    },
  ),
  stats: forPrograms(
    get('/videochat/stats', 'anyone', statsReplySchema, 'How many peers are here, searching and in calls'),
    {
      details:
        'how many peers are here (`total` includes peers whose place is held while they are away), are searching ' +
        '(by mode) and are in calls, over all nodes',
    },
  ),
  openApi: forPrograms(get('/api/openapi.json', 'anyone', openApiReplySchema, 'This description'), {
    details: 'every endpoint, including those that the pages of the product call, as OpenAPI 3.1',
  }),
} as const;

/** What only operators may see and do. */
const OPERATOR_ENDPOINTS = {
  rooms: forPrograms(get('/videochat/rooms', 'operator', roomsReplySchema, 'Calls that are going on'), {
    details: 'the calls of this node',
  }),
  cleanUp: forPrograms(
    post('/videochat/cleanup', 'operator', nothing, cleanUpReplySchema, 'Removes what should not exist'),
    {
      bodyFormat: 'none',
      details:
        'removes calls, lines and states without an owner, and counts them; all zeros on a healthy node',
    },
  ),
  grantPlan: forPrograms(
    post('/videochat/plans', 'operator', grantSchema, grantReplySchema, 'Gives an account a plan'),
    { details: 'gives an account a plan: `{"userId","planId","until"}`, `until` an ISO time or null' },
  ),
  bans: forPrograms(
    get('/videochat/bans', 'operator', bansReplySchema, 'The newest bans, and which of them hold'),
    {
      details:
        'the newest 500 bans with their subjects (a user id, or keyed hashes), reason, end and whether they hold; ' +
        '`"by":"reports"` are holds after several independent reports; `next` is null, or the id with which ' +
        '`/videochat/bans/before/{banId}` answers with older ones',
    },
  ),
  earlierBans: forPrograms(
    get('/videochat/bans/before/{banId}', 'operator', bansReplySchema, 'The 500 bans before this one'),
    { statuses: { 404: 'error' } },
  ),
  bansAbout: forPrograms(
    get(
      '/videochat/bans/about/{mark}',
      'operator',
      bansReplySchema,
      'Every ban about a user id, or about a hash as lists of bans show it',
    ),
    {},
  ),
  imposeBan: forPrograms(
    post(
      '/videochat/bans',
      'operator',
      imposeBanSchema,
      imposedBanReplySchema,
      'Bans a user, device, address or network',
    ),
    {
      details:
        'bans somebody on all nodes at once: `{"target":{"userId"},"reason","hours"}`, `hours` a number or null; the ' +
        'target may be `userId`, `reportId`, `device` or `address` (`203.0.113.7`, `203.0.113.0/24`), and `follows` ' +
        'says which marks of a banned user are banned too (`["device"]`, also `address`, `subnet`); 404 for a `reportId` ' +
        'that there is not',
      statuses: { 404: 'error' },
    },
  ),
  liftBan: forPrograms(
    remove(
      '/videochat/bans/{banId}',
      'operator',
      banReplySchema,
      'Lifts a ban or a hold, on all nodes at once',
    ),
    { statuses: { 404: 'error' } },
  ),
  metrics: forPrograms(get('/metrics', 'operator', rawReplySchema, 'Figures for Prometheus'), {
    contentType: 'text/plain',
    details: 'metrics in the text format of Prometheus; no label names a peer or a call',
  }),
  drain: forPrograms(
    post(
      '/videochat/drain',
      'operator',
      nothing,
      drainReplySchema,
      'Drains the node: what it has moves to others; says what is left',
    ),
    {
      bodyFormat: 'none',
      details:
        'drains this node: no new peers are let in, and peers, lines and calls move to other nodes without ' +
        'interruption. The reply says what is left here; repeat the request until all counts are 0',
    },
  ),
  endDrain: forPrograms(
    remove(
      '/videochat/drain',
      'operator',
      drainReplySchema,
      'Ends the drain: peers and lines may come again',
    ),
    { details: 'ends the drain: peers and lines are let in again' },
  ),
} as const;

/** What a billing provider sends. It is known by the signature of each event. */
const BILLING_ENDPOINTS = {
  billingEvent: forPrograms(
    post(
      '/api/billing/stripe',
      'anyone',
      bytesSchema,
      webhookReplySchema,
      'What Stripe tells of subscriptions; 404 where no billing provider is set up',
    ),
    {
      bodyFormat: 'bytes',
      bodyDescription: 'An event, its bytes as Stripe signed them',
      headers: ['Stripe-Signature'],
      statuses: { 404: 'error' },
      details: 'the webhook of Stripe, which signs each event; 404 where no billing provider is set up',
    },
  ),
} as const;

/** The endpoints that programs call: load balancers, monitoring, operators' tools, the billing provider. */
export const NODE_API = { ...PUBLIC_ENDPOINTS, ...OPERATOR_ENDPOINTS, ...BILLING_ENDPOINTS } as const;
