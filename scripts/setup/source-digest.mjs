import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { inProject, projectFolder } from './project.mjs';

function filesUnder(place) {
  if (!fs.existsSync(place)) return [];
  if (fs.statSync(place).isFile()) return [place];
  const entries = fs.readdirSync(place, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/**
 * One digest of all the files in these places of the project. It is made of their contents, because times
 * change with every checkout and can stay the same where contents changed.
 */
export function sourceDigest(places) {
  const files = places.flatMap((place) => filesUnder(inProject(place))).sort();
  const hash = createHash('sha256');
  for (const file of files) {
    hash
      .update(`${path.relative(projectFolder, file)}\0`)
      .update(fs.readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}
