import { FEATURES, type Feature, type Variable } from '../config';

const features: readonly Feature[] = Object.values(FEATURES);

/** The README's tables of variables, one for each feature, in Markdown. */
export const configurationTables = (): string => features.map(featureTable).join('\n\n');

function featureTable({ title, variables }: Feature): string {
  const rows = Object.entries(variables).map(([name, { defaultInWords, description }]) =>
    tableRow(`\`${name}\``, defaultInWords, description),
  );
  return [`**${title}**`, '', tableRow('variable', 'default', 'what it does'), '|---|---|---|', ...rows].join(
    '\n',
  );
}

const tableRow = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const LINE_LENGTH = 100;

const INTRODUCTION = `Every variable that Passerby reads, with its default. Copy this file, remove the "#" before each
variable that you set, and give it to Docker (--env-file), to systemd (EnvironmentFile=) or to Node:

  node --env-file=passerby.env scripts/start.mjs

An empty variable means the same as one that is not set.
This file is made by "npm run docs" from src/config.`;

/** A sample file of the environment: every variable, commented out, with its default or else an example. */
export const sampleEnvironment = (): string =>
  `${[asComment(INTRODUCTION), ...features.map(sampleOfFeature)].join('\n\n')}\n`;

const sampleOfFeature = ({ title, variables }: Feature): string =>
  [`# ---- ${title} ----`, ...Object.entries(variables).map(sampleOfVariable)].join('\n\n');

function sampleOfVariable([name, declared]: readonly [string, Variable]): string {
  const { default: text = '', defaultInWords, description, example = text } = declared;
  // A default that is an empty value does not show the variable's form; an example does.
  const sample = ['', '[]', '{}'].includes(text) ? example : text;
  const words = plain(defaultInWords);
  const isExample = sample !== text && sample !== words;
  const comment = `${wrap(plain(description))}\nDefault: ${words}${isExample ? '. Example:' : ''}`;
  return `${asComment(comment)}\n#${name}=${sample}`;
}

/** Markdown without its marks of code and links. */
const plain = (markdown: string): string =>
  markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');

const asComment = (text: string): string =>
  text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');

function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > LINE_LENGTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
