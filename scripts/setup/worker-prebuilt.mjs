import fs from 'node:fs';
import path from 'node:path';
import { inProject } from './project.mjs';
import { runProgram } from './run-program.mjs';

const TIME_LIMIT_MS = 20_000;

/** mediasoup's install script reads these; each could lead it away from the plain download. */
const NOT_FOR_THE_SCRIPT = [
  'MEDIASOUP_WORKER_BIN',
  'MEDIASOUP_LOCAL_DEV',
  'MEDIASOUP_FORCE_WORKER_PREBUILT_DOWNLOAD',
  'npm_package_resolved',
];

function scriptEnvironment() {
  const env = { ...process.env };
  for (const name of NOT_FOR_THE_SCRIPT) delete env[name];
  // Where the download fails the script goes on to a build of its own, which downloads much more and fills
  // the package's folder. The first thing that build runs is Python: with none by this name, it stops.
  return { ...env, PYTHON: 'no-build-by-this-script' };
}

/**
 * Has mediasoup's own install script fetch the ready-made worker into `folder`, and returns the program's
 * path, or undefined where there is none for this machine or the network does not let it through.
 */
export async function fetchPrebuiltWorker(folder) {
  if (process.env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) return undefined;
  const script = inProject('node_modules', 'mediasoup', 'npm-scripts.mjs');
  fs.mkdirSync(folder, { recursive: true });
  // The script works relative to the current folder, so the package itself stays as npm installed it.
  const options = { cwd: folder, env: scriptEnvironment(), timeLimit: TIME_LIMIT_MS };
  const { code } = await runProgram(process.execPath, [script, 'postinstall'], options);
  const program = path.join(folder, 'worker', 'out', 'Release', 'mediasoup-worker');
  return code === 0 && fs.existsSync(program) ? program : undefined;
}
