/** The projects of jest.config.cjs, in the order in which they run. */
export const PROJECTS = ['unit', 'contract', 'integration', 'e2e'];

const OWN_PATH = new RegExp(`^(?:\\./)?test/(${PROJECTS.join('|')})(?:/|$)`);

/** With these Jest does something other than run the tests once, so it gets the terminal to itself. */
const OTHER_USES = [
  '--watch',
  '--watchAll',
  '--listTests',
  '--showConfig',
  '--clearCache',
  '--help',
  '-h',
  '--version',
];

/** The one option of this command's own: the durations of this run are written down. */
const RECORD = '--recordDurations';

/** Takes an option with one or more values (`--name a b`, `--name=a`) out of the arguments. */
function takeOption(args, name) {
  const values = [];
  const rest = [];
  for (let i = 0; i < args.length; i += 1) {
    if (args[i].startsWith(`${name}=`)) values.push(args[i].slice(name.length + 1));
    else if (args[i] === name) while (args[i + 1] && !args[i + 1].startsWith('-')) values.push(args[++i]);
    else rest.push(args[i]);
  }
  return { values, rest };
}

/** The projects that the paths among the arguments lie in, when there is nothing else they could mean. */
function projectsOfPaths(args) {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const projects = words.map((word) => OWN_PATH.exec(word)?.[1]);
  return words.length > 0 && projects.every(Boolean) ? projects : [];
}

/**
 * What the command's arguments ask for: the projects to run, and the arguments that go on to Jest. A path
 * such as test/unit/a.test.ts selects its project, so that nothing is set up that it does not need.
 */
export function readSelection(commandLine) {
  const forJest = commandLine.filter((arg) => arg !== RECORD);
  const wanted = takeOption(forJest, '--selectProjects');
  const unwanted = takeOption(wanted.rest, '--ignoreProjects');
  const named = wanted.values.length > 0 ? wanted.values : projectsOfPaths(unwanted.rest);
  const isSelected = (project) =>
    (named.length === 0 || named.includes(project)) && !unwanted.values.includes(project);
  return {
    projects: PROJECTS.filter(isSelected),
    unknown: [...wanted.values, ...unwanted.values].filter((name) => !PROJECTS.includes(name)),
    jestArguments: unwanted.rest,
    isRecorded: forJest.length < commandLine.length,
    isOtherUse: commandLine.some((arg) => OTHER_USES.includes(arg.split('=')[0])),
  };
}
