import { endpointTable } from '../http/endpoints/readme-table';
import { configurationTables, sampleEnvironment } from './configuration';

/** A part of a file that is made from the code. */
export interface GeneratedPart {
  /** Path in the project. */
  readonly file: string;
  /** The part between `<!-- marker:begin -->` and `<!-- marker:end -->`; null: the whole file. */
  readonly marker: string | null;
  readonly render: () => string;
}

/** Everything that `npm run docs` writes. A test compares it with what the files hold. */
export const GENERATED: readonly GeneratedPart[] = [
  { file: 'README.md', marker: 'configuration', render: configurationTables },
  { file: 'README.md', marker: 'endpoints', render: endpointTable },
  { file: 'config/passerby.env.example', marker: null, render: sampleEnvironment },
];

/** The file's text with this part as the code has it now. Throws where the file lacks the markers. */
export function withGeneratedPart({ file, marker, render }: GeneratedPart, text: string): string {
  if (marker === null) return render();
  const begin = `<!-- ${marker}:begin -->`;
  const end = `<!-- ${marker}:end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} needs the lines ${begin} and ${end}, in this order`);
  return `${text.slice(0, from + begin.length)}\n\n${render()}\n\n${text.slice(to)}`;
}
