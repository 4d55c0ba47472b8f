import parseGuest from './includes/parse-guest.lua';
import publishChange from './includes/publish-change.lua';
import putDeadline from './includes/put-deadline.lua';
import serverTime from './includes/server-time.lua';
import slices from './includes/slices.lua';

/** The code that several scripts share, by the name under which they include it. */
const INCLUDES: ReadonlyMap<string, string> = new Map([
  ['parse-guest', parseGuest],
  ['publish-change', publishChange],
  ['put-deadline', putDeadline],
  ['server-time', serverTime],
  ['slices', slices],
]);

/** `--- @include "name"`, alone on its line. */
const INCLUDE = /^--- @include "([\w-]+)"$/gm;

/**
 * The script with the text of each include in the place of its line, because Redis takes one text and knows no files.
 * Throws when there is no such include, or when an include includes another one.
 */
export function resolveIncludes(script: string, includes: ReadonlyMap<string, string> = INCLUDES): string {
  return script.replace(INCLUDE, (_line, name: string) => {
    const text = includes.get(name);
    if (text === undefined) throw new Error(`a Redis script includes "${name}", which there is not`);
    if (text.search(INCLUDE) >= 0) throw new Error(`"${name}" includes something itself`);
    return text.trimEnd();
  });
}
