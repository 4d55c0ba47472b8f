// `npm start`: does the set-up that is still to do, then runs the server.
import { pathToFileURL } from 'node:url';
import { bundleClient } from './setup/client-bundle.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords } from './setup/failure.mjs';
import { stopWatchingForInterruption, watchForInterruption } from './setup/interruption.mjs';
import { mediaWorker } from './setup/media-worker.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { endWithNpm } from './setup/npm-shell.mjs';
import { projectFolder } from './setup/project.mjs';
import { bundleServer, serverProgram } from './setup/server-bundle.mjs';
import { hasSources } from './setup/sources.mjs';

async function prepare() {
  checkNodeVersion();
  watchForInterruption();
  endWithNpm();
  if (!hasSources()) return stopWatchingForInterruption();
  await installDependencies();
  process.env.MEDIASOUP_WORKER_BIN = await mediaWorker();
  await bundleServer();
  await bundleClient();
  stopWatchingForInterruption();
}

await failInWords(prepare);

// The server runs in this process, so that signals reach it directly and its exit code is the command's.
process.chdir(projectFolder);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(serverProgram).href);
