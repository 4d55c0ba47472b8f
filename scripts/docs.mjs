// `npm run docs`: does the set-up that is still to do, then writes the parts of the documents that are made from the
// code (src/documentation says which), for example the table of variables in README.md.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installDependencies } from './setup/dependencies.mjs';
import { failInWords } from './setup/failure.mjs';
import { stopWatchingForInterruption, watchForInterruption } from './setup/interruption.mjs';
import { checkNodeVersion } from './setup/node-version.mjs';
import { endWithNpm } from './setup/npm-shell.mjs';
import { inProject, projectFolder } from './setup/project.mjs';

/** Bundles src/documentation into a file that is there only as long as it is needed, and loads it. */
async function loadDocumentation() {
  // Loaded here and not above, because this module is read before the dependencies are installed.
  const esbuild = await import('esbuild');
  fs.mkdirSync(inProject('build'), { recursive: true });
  // In the project, where the packages that the bundle imports can be found.
  const folder = fs.mkdtempSync(inProject('build', 'docs-'));
  const bundle = path.join(folder, 'documentation.cjs');
  try {
    await esbuild.build({
      absWorkingDir: projectFolder,
      entryPoints: ['src/documentation/index.ts'],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      packages: 'external',
      logLevel: 'error',
    });
    return (await import(pathToFileURL(bundle).href)).default;
  } finally {
    await esbuild.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  checkNodeVersion();
  watchForInterruption();
  endWithNpm();
  await installDependencies();
  const { GENERATED, withGeneratedPart } = await loadDocumentation();
  for (const part of GENERATED) {
    const file = inProject(part.file);
    const before = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
    const after = withGeneratedPart(part, before);
    if (after !== before) fs.writeFileSync(file, after);
    console.log(
      `${part.file}: ${part.marker ?? 'the whole file'} ${after === before ? 'is up to date' : 'was written'}`,
    );
  }
  stopWatchingForInterruption();
}

await failInWords(main);
