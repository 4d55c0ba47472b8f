const FIRST_LINES_SHOWN = 8;
const LAST_LINES_SHOWN = 25;

/** A set-up step that cannot go on, in words for the person who started it. */
export class SetupFailure extends Error {
  /**
   * @param what what failed, as one sentence
   * @param details.output what the failing program printed; its first and last lines are shown
   * @param details.remedy what the person can do about it
   */
  constructor(what, { output = '', remedy = '' } = {}) {
    super(what);
    this.output = output;
    this.remedy = remedy;
  }
}

/** The first lines often name the cause and the last ones the end of it; what lies between is left out. */
function shortened(lines) {
  if (lines.length <= FIRST_LINES_SHOWN + LAST_LINES_SHOWN) return lines;
  return [...lines.slice(0, FIRST_LINES_SHOWN), '...', ...lines.slice(-LAST_LINES_SHOWN)];
}

/** Prints a failure: what failed, the end of its output, and what can be done. */
export function printFailure(failure) {
  const lines = failure.output.split('\n').filter((line) => line.trim() !== '');
  console.error(`\n${failure.message}`);
  if (lines.length > 0) {
    console.error('Its output:');
    for (const line of shortened(lines)) console.error(`  | ${line}`);
  }
  if (failure.remedy) console.error(`What you can do: ${failure.remedy}`);
}

/**
 * Runs a script's main function. A SetupFailure ends the process with its words alone, because a stack
 * trace would bury them; anything else is a defect and keeps its trace.
 */
export async function failInWords(main) {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    printFailure(error);
    process.exit(1);
  }
}
