/** Imports point from the outside in: main → server → (signaling, http, media, adapters) → app → domain. */
const layer = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|client|scripts|bench|chaos|test)/', pathNot: allowed },
});

/** A library that only these folders may import. Tests, benches and chaos runs import what they look at. */
const fence = (name, packages, home, to = {}) => ({
  name,
  severity: 'error',
  from: { path: '^(src|client)/', pathNot: `^(${home})` },
  to: { path: `node_modules/(@types/)?(${packages})/`, ...to },
});

/** For a library whose types others may name, although only its folder may use it. */
const USED = { dependencyTypesNot: ['type-only'] };

const fences = [
  fence('mediasoup-only-in-media', 'mediasoup', 'src/media/'),
  fence('ioredis-only-in-redis', 'ioredis', 'src/redis/'),
  fence('ws-only-in-signaling', 'ws', 'src/signaling/'),
  fence('express-only-in-http', 'express', 'src/http/', USED),
  // The server names the type of the application that http makes, and no more.
  fence('express-types-only-in-http-and-server', 'express', 'src/(http|server)/'),
  fence('http-libraries-only-in-http', 'helmet|compression|cookie', 'src/http/'),
  fence('databases-only-in-records', 'mongoose|mongodb|@seald-io/nedb', 'src/records/'),
  fence('argon2-only-in-crypto', 'argon2', 'src/crypto/'),
  fence('nodemailer-only-in-mail', 'nodemailer', 'src/mail/'),
  fence('stripe-only-in-billing', 'stripe', 'src/billing/'),
  fence('prom-client-only-in-metrics', 'prom-client', 'src/metrics/'),
  // A logger is made by a process and handed down; adapters name its type, and what is inside of them does not know it.
  fence('pino-is-made-by-processes', 'pino', 'src/(main|maintenance)\\.ts$', USED),
  fence('pino-types-only-in-adapters', 'pino', 'src/(main|maintenance|server|records|mail|media|disk)\\b'),
  fence('react-only-in-client', 'react|react-dom|lucide-react', 'client/'),
  fence('mediasoup-client-only-in-engine', 'mediasoup-client', 'client/src/chat/engine/'),
];

module.exports = {
  forbidden: [
    ...fences,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    layer('protocol-imports-only-zod', '^src/protocol', '^src/protocol'),
    {
      name: 'protocol-libraries',
      severity: 'error',
      from: { path: '^src/protocol' },
      to: { path: 'node_modules', pathNot: 'node_modules/zod' },
    },
    layer('domain-is-pure', '^src/domain', '^src/(domain|protocol)'),
    {
      name: 'domain-does-no-io',
      severity: 'error',
      from: { path: '^src/domain' },
      to: { dependencyTypes: ['core', 'npm'], pathNot: 'node_modules/zod' },
    },
    layer('app-knows-no-edge', '^src/app', '^src/(app|domain|protocol)'),
    layer('signaling-inward', '^src/signaling', '^src/(signaling|app|domain|protocol)'),
    layer('http-inward', '^src/http', '^src/(http|app|domain|protocol)'),
    layer('media-inward', '^src/media', '^src/(media|app|domain|protocol)'),
    layer('memory-inward', '^src/memory', '^src/(memory|app|domain|protocol)'),
    layer('redis-inward', '^src/redis', '^src/(redis|app|domain|protocol)'),
    layer('crypto-inward', '^src/crypto', '^src/(crypto|app|domain|protocol)'),
    layer('mail-inward', '^src/mail', '^src/(mail|app|domain|protocol)'),
    layer('billing-inward', '^src/billing', '^src/(billing|app|domain|protocol)'),
    layer('disk-inward', '^src/disk', '^src/(disk|app|domain|protocol)'),
    layer('records-inward', '^src/records', '^src/((records|app|domain|protocol)/|disk/folders)'),
    {
      name: 'stores-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/records/(embedded|mongo|outbox|store|files|models)/' },
      to: {
        path: '^src/records/(embedded|mongo|outbox|repositories|migrations|maintenance)/',
        pathNot: '^src/records/$1/',
      },
    },
    layer('metrics-inward', '^src/metrics', '^src/(metrics|app|domain|protocol)'),
    // The client: ui knows no app and no server, api no screens, and neither app knows the other.
    layer('client-knows-only-the-protocol', '^client/src', '^(client/src|src/protocol)'),
    layer('client-storage-inward', '^client/src/storage/', '^client/src/storage/'),
    layer('client-errors-inward', '^client/src/errors/', '^(client/src/errors|src/protocol)/'),
    layer('client-ui-inward', '^client/src/ui/', '^(client/src/(ui|errors|storage)|src/protocol)/'),
    layer('client-api-inward', '^client/src/api/', '^(client/src/(api|errors|storage)|src/protocol)/'),
    layer(
      'client-chat-is-no-console',
      '^client/src/chat/',
      '^(client/src/(chat|ui|api|errors|storage)|src/protocol)/',
    ),
    layer(
      'client-console-is-no-chat',
      '^client/src/console/',
      '^(client/src/(console|ui|api|errors|storage)|src/protocol)/',
    ),
    layer(
      'client-engine-has-no-screens',
      '^client/src/chat/engine/',
      '^(client/src/(chat/engine|errors|storage)|src/protocol)/',
    ),
    {
      name: 'only-main-imports-server',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(main.ts|server/)' },
      to: { path: '^src/(server/|main.ts)' },
    },
    {
      name: 'only-the-top-reads-config',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/(main.ts|maintenance.ts|config/|documentation/|server/)' },
      to: { path: '^src/config/' },
    },
    {
      name: 'config-has-one-way-in',
      severity: 'error',
      from: { path: '^(src|client|scripts|bench|chaos|test)/', pathNot: '^src/config/' },
      to: { path: '^src/config/', pathNot: '^src/config/index.ts$' },
    },
    layer('config-inward', '^src/config/', '^src/(config|domain|protocol)'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(build|data|coverage)/' },
  },
};
