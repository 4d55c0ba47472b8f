import { keepBundle } from '../setup/bundle.mjs';
import { inProject, projectFolder } from '../setup/project.mjs';
import { mustRun } from '../setup/run-program.mjs';

async function bundle() {
  const vite = inProject('node_modules', 'vite', 'bin', 'vite.js');
  const words = {
    failure: 'The gallery of the client could not be bundled.',
    remedy: 'correct what the messages name and run the same command again.',
  };
  const args = [vite, 'build', '--config', 'client/gallery/vite.config.mts'];
  // Not the production build: the libraries' complaints, which tests look for, are only in the other one.
  const env = { ...process.env, NODE_ENV: 'test' };
  await mustRun(process.execPath, args, words, { cwd: projectFolder, env });
}

/** The client's screens over an engine that only plays its part, which end-to-end tests of the screens look at. */
export function bundleGallery() {
  return keepBundle({
    name: 'gallery',
    title: 'Bundling the gallery of the client',
    sources: [
      'client',
      'src/protocol',
      'tsconfig.json',
      'package-lock.json',
      'scripts/testing/gallery-bundle.mjs',
    ],
    result: inProject('build', 'gallery', 'index.html'),
    make: bundle,
  });
}
