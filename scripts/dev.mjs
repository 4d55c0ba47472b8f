// `npm run dev`: the set-up, then the server, which restarts when its sources change, the client with hot reload, and
// the gallery of screens. Ctrl-C stops all of them.
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
  const { createServer } = await import('vite');
  const vite = await createServer({ configFile: inProject(configFile), logLevel: 'warn', server: { port } });
  await vite.listen();
  return vite;
}

const addressOf = (vite) => vite.resolvedUrls?.local[0] ?? 'no address';

function printAddresses(client, gallery) {
  console.log(`
  client   ${addressOf(client)} (hot reload)
  gallery  ${addressOf(gallery)} (every screen, without a server)
  server   ${SERVER_URL} (restarts on change)

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
  printAddresses(client, gallery);
}

await failInWords(main);
