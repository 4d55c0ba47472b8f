import { spawn } from 'node:child_process';
import path from 'node:path';
import { inProject, projectFolder } from '../setup/project.mjs';
import { serverBundleOptions } from '../setup/server-bundle.mjs';

const PROGRAM = inProject('build', 'dev-server', 'main.js');

/** A server that does not stop within this time after it was asked to is killed. */
const STOP_MS = 10_000;

/** Runs the bundled server as a child process, one at a time, and replaces it on request. */
class ServerProcess {
  #env;
  #child;
  #restarts = Promise.resolve();
  #isClosed = false;

  constructor(env) {
    this.#env = env;
  }

  /** Restarts take turns, so that two quick changes never start two servers on one port. */
  restart() {
    this.#restarts = this.#restarts.then(async () => {
      await this.#stop();
      if (!this.#isClosed) this.#start();
    });
    return this.#restarts;
  }

  close() {
    this.#isClosed = true;
    return this.restart();
  }

  #start() {
    const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM], {
      cwd: projectFolder,
      env: this.#env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      console.error(
        `[dev] The server ended (${signal ?? `exit code ${code}`}). It starts again on the next change.`,
      );
    });
  }

  async #stop() {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
}

/**
 * Bundles the server from its sources, runs it, and does both again whenever a source changes. A source that cannot be
 * bundled is shown, and the server of before goes on. Returns the function that stops all of it.
 */
export async function startRestartingServer(env) {
  const esbuild = await import('esbuild');
  const server = new ServerProcess(env);
  let builds = 0;
  const restartAfterBuild = {
    name: 'restart-after-build',
    setup(build) {
      build.onEnd(async ({ errors }) => {
        if (errors.length > 0) return;
        builds += 1;
        if (builds > 1) console.log('[dev] The server changed and starts again.');
        await server.restart();
      });
    },
  };
  const context = await esbuild.context({
    ...serverBundleOptions,
    entryPoints: ['src/main.ts', 'src/liveness-thread.ts'],
    outdir: path.dirname(PROGRAM),
    // esbuild shows by itself what it cannot bundle.
    logLevel: 'warning',
    plugins: [...(serverBundleOptions.plugins ?? []), restartAfterBuild],
  });
  await context.watch();
  return async () => {
    await context.dispose();
    await server.close();
  };
}
