// `npm run dev`: the set-up, then the server, which restarts when its sources change, the client with hot reload, and
// the gallery of screens. Ctrl-C stops all of them.
import { setTimeout } from 'node:timers/promises';
import { startRestartingServer } from './dev/restarting-server.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords } from './setup/failure.mjs';
import { stopWatchingForInterruption, watchForInterruption } from './setup/interruption.mjs';
import { mediaWorker } from './setup/media-worker.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { endWithNpm } from './setup/npm-shell.mjs';
import { inProject, projectFolder } from './setup/project.mjs';

const PORT = process.env.PORT ?? '3000';
const SERVER_URL = `http://localhost:${PORT}`;

/** Where Vite begins to look for a free port. */
const CLIENT_PORT = 5173;
const GALLERY_PORT = 5174;

/** How long the addresses wait for a server that does not start. */
const SERVING_MS = 60_000;

async function prepare() {
  checkNodeVersion();
  watchForInterruption();
  endWithNpm();
  await installDependencies();
  const worker = await mediaWorker();
  stopWatchingForInterruption();
  return worker;
}

/** A Vite server with hot reload; `configFile` names what it serves. */
async function startVite(configFile, port) {
  // Loaded here and not above, because this file is read before the dependencies are installed.
  const { createLogger, createServer } = await import('vite');
  const customLogger = quietAboutRestarts(createLogger('warn'));
  const vite = await createServer({ configFile: inProject(configFile), customLogger, server: { port } });
  await vite.listen();
  return vite;
}

/** Errors of the proxy while the server starts again. That it does is said already, and the page connects by itself. */
const WHILE_RESTARTING = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

function quietAboutRestarts(logger) {
  const isOfRestart = (message, error) =>
    message.includes('proxy') && WHILE_RESTARTING.has(error?.code ?? error?.errors?.[0]?.code);
  return {
    ...logger,
    error: (message, options) => {
      if (!isOfRestart(message, options?.error)) logger.error(message, options);
    },
  };
}

/** Resolves when the server answers, or after a while: then its own messages say why it does not. */
async function untilServing() {
  for (const giveUpAt = Date.now() + SERVING_MS; Date.now() < giveUpAt;) {
    const answers = await fetch(`${SERVER_URL}/videochat/health`).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await setTimeout(200);
  }
}

const addressOf = (vite) => vite.resolvedUrls?.local[0] ?? 'no address';

function printAddresses(client, gallery) {
  console.log(`
  client   ${addressOf(client)} (hot reload)
  gallery  ${addressOf(gallery)} (every screen, without a server)
  server   ${SERVER_URL} (sockets and the API; restarts on change)

  Ctrl-C stops all of them.
`);
}

/** Stops everything in order at the first signal; a second one ends the process at once. */
function stopOnSignals(stop) {
  let isStopping = false;
  const onSignal = (signal) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.log(`\n[dev] Stopping (${signal}).`);
    stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => onSignal(signal));
}

async function main() {
  const worker = await prepare();
  process.chdir(projectFolder);
  // The client's Vite configuration sends everything but pages to this address.
  process.env.DEV_SERVER_URL = SERVER_URL;
  const stops = [];
  stopOnSignals(() => Promise.all(stops.map((stop) => stop())));
  stops.push(await startRestartingServer({ ...process.env, PORT, MEDIASOUP_WORKER_BIN: worker }));
  const client = await startVite('client/vite.config.mts', CLIENT_PORT);
  stops.push(() => client.close());
  const gallery = await startVite('client/gallery/vite.config.mts', GALLERY_PORT);
  stops.push(() => gallery.close());
  await untilServing();
  printAddresses(client, gallery);
}

await failInWords(main);
