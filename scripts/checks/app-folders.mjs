// `node scripts/checks/app-folders.mjs [folder]`: whether the features of src/app import each other in a cycle. A feature
// is what lies on the first level below src/app, a folder or a file; two features that import each other, directly or
// through a third one, are one feature in two places. dependency-cruiser's own rule for folders does not see an import of a
// folder's subfolder as one of the folder, and so misses most of these cycles.
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { inProject } from '../setup/project.mjs';

function sourcesUnder(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const isSource = (entry) => entry.isFile() && /\.tsx?$/.test(entry.name);
  return entries.filter(isSource).map((entry) => path.join(entry.parentPath, entry.name));
}

/** The imports between features: from → to → one file that is the reason. */
function importsBetweenFeatures(app) {
  const featureOf = (file) =>
    path
      .relative(app, file)
      .split(path.sep)[0]
      .replace(/\.tsx?$/, '');
  const imports = new Map();
  for (const file of sourcesUnder(app)) {
    const from = featureOf(file);
    for (const { fileName } of ts.preProcessFile(fs.readFileSync(file, 'utf8')).importedFiles) {
      const target = path.resolve(path.dirname(file), fileName);
      if (!fileName.startsWith('.') || !target.startsWith(app + path.sep)) continue;
      const to = featureOf(target);
      if (to === from) continue;
      if (!imports.has(from)) imports.set(from, new Map());
      if (!imports.get(from).has(to)) imports.get(from).set(to, path.relative(app, file));
    }
  }
  return imports;
}

/** The shortest way from a feature back to itself, or undefined. */
function cycleOf(start, imports) {
  const ways = [[start]];
  const seen = new Set();
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of imports.get(way.at(-1))?.keys() ?? []) {
      if (next === start) return [...way, start];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

/** Each cycle once, however many of its features it was found from. */
function allCycles(imports) {
  const cycles = new Map();
  for (const start of [...imports.keys()].sort()) {
    const cycle = cycleOf(start, imports);
    if (cycle === undefined) continue;
    const name = [...new Set(cycle)].sort().join(' ');
    if (!cycles.has(name)) cycles.set(name, cycle);
  }
  return [...cycles.values()];
}

function main([folder]) {
  const app = path.resolve(folder ?? inProject('src', 'app'));
  const imports = importsBetweenFeatures(app);
  const cycles = allCycles(imports);
  for (const cycle of cycles) {
    console.error(`error: features import each other: ${cycle.join(' → ')}`);
    for (const [at, from] of cycle.slice(0, -1).entries())
      console.error(`  ${from} → ${cycle[at + 1]}: ${imports.get(from).get(cycle[at + 1])}`);
  }
  if (cycles.length === 0) console.log('✔ no cycles between the features of src/app');
  return cycles.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
