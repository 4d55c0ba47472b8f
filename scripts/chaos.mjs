// `npm run chaos`: does the set-up that is still to do, then runs chaos/main.ts, which starts Redis and several nodes on
// this machine, does them harm, and says what came of the people on them. `npm run chaos -- --help` names the options.
import { fork } from 'node:child_process';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords, SetupFailure } from './setup/failure.mjs';
import { stopWatchingForInterruption, watchForInterruption } from './setup/interruption.mjs';
import { mediaWorker } from './setup/media-worker.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { endWithNpm } from './setup/npm-shell.mjs';
import { inProject, projectFolder } from './setup/project.mjs';
import { bundleServer } from './setup/server-bundle.mjs';
import { REDIS, testProgram } from './setup/test-programs.mjs';

const program = inProject('build', 'chaos', 'main.cjs');

async function bundleChaos() {
  // Loaded here and not above, because this module is read before the dependencies are installed.
  const esbuild = await import('esbuild');
  await esbuild.build({
    absWorkingDir: projectFolder,
    entryPoints: ['chaos/main.ts'],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  await esbuild.stop();
}

async function prepare() {
  checkNodeVersion();
  watchForInterruption();
  endWithNpm();
  await installDependencies();
  const env = { ...process.env, MEDIASOUP_WORKER_BIN: await mediaWorker() };
  const redis = await testProgram(REDIS);
  if (!redis) {
    const remedy = `apt-get install ${REDIS.debianPackage}, or set ${REDIS.variable}.`;
    throw new SetupFailure(`There is no ${REDIS.name}, through which nodes find each other.`, { remedy });
  }
  env[REDIS.variable] = redis;
  await bundleServer();
  await bundleChaos();
  stopWatchingForInterruption();
  return env;
}

/** Runs it as a process of its own, so that what it has started is ended even when it dies without a word. */
function run(env) {
  const started = new Set();
  const child = fork(program, process.argv.slice(2), {
    cwd: projectFolder,
    env,
    execArgv: ['--enable-source-maps'],
  });
  child.on('message', ({ started: pid, ended }) => {
    if (pid) started.add(pid);
    if (ended) started.delete(ended);
  });
  // Interrupted from a terminal, the child hears it too; it ends first, and its end ends this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      for (const pid of started) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It has ended by itself.
        }
      }
      resolve(code ?? 1);
    });
  });
}

process.exitCode = await run(await failInWords(prepare));
