import fs from 'node:fs';
import { inProject } from './project.mjs';
import { serverProgram } from './server-bundle.mjs';

/** Whether there is anything to set up. An image has what was built, and no sources to build it from. */
export const hasSources = () => fs.existsSync(inProject('src')) || !fs.existsSync(serverProgram);
