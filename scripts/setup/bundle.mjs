import fs from 'node:fs';
import path from 'node:path';
import { doOnce } from './lock.mjs';
import { step } from './progress.mjs';
import { inProject } from './project.mjs';
import { sourceDigest } from './source-digest.mjs';

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/**
 * Has a bundle made when one of its sources changed since it was made last, or when it is not there.
 * `result` is a file of the bundle, `sources` are the places in the project that it is made of.
 */
export async function keepBundle({ name, title, sources, result, make }) {
  const stamp = inProject('build', `.${name}.digest`);
  const digest = sourceDigest(sources);
  const isDone = () => fs.existsSync(result) && readIfThere(stamp) === digest;
  await doOnce(inProject('build', `.${name}.lock`), isDone, async () => {
    fs.rmSync(stamp, { force: true });
    await step(title, make);
    fs.mkdirSync(path.dirname(stamp), { recursive: true });
    fs.writeFileSync(stamp, digest);
  });
}
