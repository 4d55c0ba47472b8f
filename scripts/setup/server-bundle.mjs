import path from 'node:path';
import { keepBundle } from './bundle.mjs';
import { SetupFailure } from './failure.mjs';
import { inProject, projectFolder } from './project.mjs';

export const serverProgram = inProject('build', 'server', 'main.js');
/** Looks after the records; see scripts/records.mjs. */
export const maintenanceProgram = inProject('build', 'server', 'maintenance.js');

/** How the server is bundled; `npm run dev` bundles it in the same way. */
export const serverBundleOptions = {
  absWorkingDir: projectFolder,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  loader: { '.lua': 'text' },
  sourcemap: true,
};

async function bundle() {
  // Loaded here and not above, because this module is read before the dependencies are installed.
  const esbuild = await import('esbuild');
  try {
    await esbuild.build({
      ...serverBundleOptions,
      entryPoints: ['src/main.ts', 'src/maintenance.ts', 'src/liveness-thread.ts'],
      outdir: path.dirname(serverProgram),
      logLevel: 'silent',
    });
  } catch (error) {
    if (!error.errors) throw error;
    const output = (await esbuild.formatMessages(error.errors, { kind: 'error' })).join('\n');
    throw new SetupFailure('The server could not be bundled.', {
      output,
      remedy: 'correct what the messages name and run the same command again.',
    });
  } finally {
    // Its program would otherwise stay for as long as this process runs, which may become the server.
    await esbuild.stop();
  }
}

export function bundleServer() {
  return keepBundle({
    name: 'server',
    title: 'Bundling the server',
    sources: ['src', 'tsconfig.json', 'package.json', 'package-lock.json', 'scripts/setup/server-bundle.mjs'],
    result: serverProgram,
    make: bundle,
  });
}
