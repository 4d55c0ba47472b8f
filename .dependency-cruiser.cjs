/** Imports point from the outside in: main → server → (signaling, http, media, adapters) → app → domain. */
const layer = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: { path: '^(src|client|scripts|bench|chaos|test)/', pathNot: allowed },
});
module.exports = {
  forbidden: [
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
    layer('records-inward', '^src/records', '^src/(records|app|domain|protocol)'),
    {
      name: 'only-records-know-their-databases',
      severity: 'error',
      from: { path: '^(src|client)', pathNot: '^src/records' },
      to: { path: 'node_modules/(mongoose|mongodb|@seald-io/nedb)' },
    },
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
    layer('client-errors-inward', '^client/src/errors/', '^(client/src/errors|src/protocol)/'),
    layer('client-ui-inward', '^client/src/ui/', '^(client/src/(ui|errors)|src/protocol)/'),
    layer('client-api-inward', '^client/src/api/', '^(client/src/(api|errors)|src/protocol)/'),
    layer(
      'client-chat-is-no-console',
      '^client/src/chat/',
      '^(client/src/(chat|ui|api|errors)|src/protocol)/',
    ),
    layer(
      'client-console-is-no-chat',
      '^client/src/console/',
      '^(client/src/(console|ui|api|errors)|src/protocol)/',
    ),
    layer(
      'client-engine-has-no-screens',
      '^client/src/chat/engine/',
      '^(client/src/(chat/engine|errors)|src/protocol)/',
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
      from: { path: '^src', pathNot: '^src/(main.ts|maintenance.ts|config.ts|server/)' },
      to: { path: '^src/config.ts' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^(build|data|coverage)/' },
  },
};
