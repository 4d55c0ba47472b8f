// `npm run records -- <command>`: does the set-up that is still to do, then runs a command on the records, for example
// `npm run records -- backup records.jsonl`. `npm run records -- --help` names them.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords } from './setup/failure.mjs';
import { stopWatchingForInterruption, watchForInterruption } from './setup/interruption.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { endWithNpm } from './setup/npm-shell.mjs';
import { projectFolder } from './setup/project.mjs';
import { bundleServer, maintenanceProgram } from './setup/server-bundle.mjs';
import { hasSources } from './setup/sources.mjs';

async function prepare() {
  checkNodeVersion();
  watchForInterruption();
  endWithNpm();
  if (!hasSources()) return stopWatchingForInterruption();
  await installDependencies();
  await bundleServer();
  stopWatchingForInterruption();
}

/** npm runs scripts in the project's folder; the names of files are meant from where the person is. */
function withWholePaths([command, ...rest]) {
  if (command !== 'backup' && command !== 'restore')
    return [command, ...rest].filter((word) => word !== undefined);
  const from = process.env.INIT_CWD ?? process.cwd();
  return [command, ...rest.map((word) => (word.startsWith('-') ? word : path.resolve(from, word)))];
}

await failInWords(prepare);

process.argv.splice(2, Infinity, ...withWholePaths(process.argv.slice(2)));
process.chdir(projectFolder);
process.setSourceMapsEnabled(true);
await import(pathToFileURL(maintenanceProgram).href);
