import { machineText } from './machine';

/** What a reader has to know before reading a figure. */
export interface Header {
  readonly title: string;
  readonly measures: string;
  readonly from: string;
  readonly to: string;
  /** How the compared ways take turns. */
  readonly order: string;
  /** What shares a process or the machine with what is measured. */
  readonly together: string;
  readonly doesNotShow: string;
}

/** Prints the header and how busy the machine is, runs the bench, and prints how busy the machine is afterwards. */
export async function underHeader(header: Header, bench: () => Promise<void>): Promise<void> {
  const lines: readonly (readonly [string, string])[] = [
    ['measures', header.measures],
    ['from', header.from],
    ['to', header.to],
    ['order', header.order],
    ['together', header.together],
    ['not shown', header.doesNotShow],
  ];
  console.log(header.title);
  for (const [name, text] of lines) console.log(`  ${name.padEnd(10)} ${text}`);
  console.log(`  ${await machineText('before')}`);
  await bench();
  console.log(`\n  ${await machineText('after')}`);
}
