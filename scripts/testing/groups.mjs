import fs from 'node:fs';
import { cpus } from 'node:os';
import { inProject } from '../setup/project.mjs';
import { PROJECTS } from './selection.mjs';

/**
 * The groups in which test files run, one group after the other.
 *
 * Units and contracts take every core. Of the others two run at a time: most of them wait for something most of the
 * time, and two browsers or two installations of several nodes fill two cores. Files that are marked `@alone` in their
 * first comment, where they say why, have the machine to themselves.
 */
const GROUPS = [
  {
    projects: ['unit', 'contract'],
    isAlone: false,
    mayRepeat: false,
    workers: Math.max(2, cpus().length),
  },
  { projects: ['integration', 'e2e'], isAlone: false, mayRepeat: true, workers: 2 },
  { projects: PROJECTS, isAlone: true, mayRepeat: false, workers: 1 },
];

const FIRST_COMMENT = /^\/\*\*[\s\S]*?\*\//;

/** The test files of a project, in whatever folder of it. */
export function testFiles(project) {
  const folder = inProject('test', project);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${project}/${name.replaceAll('\\', '/')}`);
}

function isMarkedAlone(file) {
  const [comment = ''] = FIRST_COMMENT.exec(fs.readFileSync(inProject(file), 'utf8')) ?? [];
  return comment.includes('@alone');
}

const literally = (text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The groups that have files of these projects, each with what Jest has to be told: { projects, args, workers, mayRepeat }. */
export function groupsOf(projects) {
  const groups = GROUPS.map((group) => ({
    ...group,
    projects: group.projects.filter((name) => projects.includes(name)),
  }));
  return groups.flatMap(({ projects: selected, isAlone, mayRepeat, workers }) => {
    const files = selected.flatMap(testFiles);
    const alone = files.filter(isMarkedAlone);
    const count = isAlone ? alone.length : files.length - alone.length;
    if (count === 0) return [];
    const args = workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`];
    if (alone.length === 0) return [{ projects: selected, mayRepeat, workers: args, args: [] }];
    const anyOfThem = `/(?:${alone.map(literally).join('|')})$`;
    const ignored = isAlone ? `^(?!.*${anyOfThem})` : anyOfThem;
    return [{ projects: selected, mayRepeat, workers: args, args: [`--testPathIgnorePatterns=${ignored}`] }];
  });
}
