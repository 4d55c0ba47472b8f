import { keepBundle } from './bundle.mjs';
import { inProject, projectFolder } from './project.mjs';
import { mustRun } from './run-program.mjs';

const FOLDER = inProject('build', 'client');

async function bundle() {
  const vite = inProject('node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--config', 'client/vite.config.mts', '--outDir', FOLDER, '--emptyOutDir'];
  const words = {
    failure: 'The client could not be bundled.',
    remedy: 'correct what the messages name and run the same command again.',
  };
  // Without this, NODE_ENV=development would bundle the libraries' slower development versions.
  const env = { ...process.env, NODE_ENV: 'production' };
  await mustRun(process.execPath, [vite, ...args], words, { cwd: projectFolder, env });
}

export function bundleClient() {
  return keepBundle({
    name: 'client',
    title: 'Bundling the client',
    sources: [
      // Without the gallery, which is no part of the product.
      'client/src',
      'client/public',
      'client/index.html',
      'client/console.html',
      'client/vite.config.mts',
      'client/tsconfig.json',
      'src/protocol',
      'tsconfig.json',
      'package-lock.json',
      'scripts/setup/client-bundle.mjs',
    ],
    result: inProject('build', 'client', 'index.html'),
    make: bundle,
  });
}
