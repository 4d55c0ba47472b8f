// Does the set-up of `npm start` without starting the server, for images and checks. With `--worker-to FILE`
// the media worker is also copied to that file.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleClient } from './setup/client-bundle.mjs';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords } from './setup/failure.mjs';
import { watchForInterruption } from './setup/interruption.mjs';
import { mediaWorker } from './setup/media-worker.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { bundleServer } from './setup/server-bundle.mjs';

async function main() {
  checkNodeVersion();
  watchForInterruption();
  const { values } = parseArgs({ options: { 'worker-to': { type: 'string' } } });
  await installDependencies();
  const worker = await mediaWorker();
  await bundleServer();
  await bundleClient();
  const copy = values['worker-to'];
  if (!copy) return;
  fs.mkdirSync(path.dirname(path.resolve(copy)), { recursive: true });
  fs.copyFileSync(worker, copy);
}

await failInWords(main);
