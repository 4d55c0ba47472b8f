import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder this project lies in; the set-up works from any current folder. */
export const projectFolder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

export const inProject = (...parts) => path.join(projectFolder, ...parts);
