/** Two checkouts of the product beside each other: does the one need longer than the other from match to first frame? */
import { parseArgs } from 'node:util';
import type { CallTimes } from '../media/call-times';
import { BenchPages } from '../media/pages';
import { stepTable } from '../media/report';
import { alternate } from '../support/alternate';
import { figureCells, tableText } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import { quantile } from '../support/quantile';
import { ENOUGH, intervalOf, ratioText } from '../support/ratio';
import { Visitors } from './visitors';

const USAGE = 'usage: node bench/run.mjs compare --before DIR -- media [rounds]';
const DEFAULT_ROUNDS = 40;

const header = (rounds: number): Header => ({
  title: `compare media: this checkout (after) and another one (before), ${rounds} rounds each`,
  measures:
    "each checkout's own built server and client: two people in front of its screens, on one worker, veil on; the later end counts",
  from: "the director's decision on the server",
  to: 'the first packet, the first (veiled) frame, and the first frame without a veil; each side says yes at its first frame',
  order: 'alternating: one round of each, the other one first each time',
  together:
    'both servers and one Chromium with all four pages on this machine; the probe of the steps in both servers',
  doesNotShow:
    'differences smaller than the interval (the last column goes by one of 99 %); anything but one worker and one node',
});

const KINDS = [
  ['first packet', (times: CallTimes) => times.packet],
  ['first frame (veiled)', (times: CallTimes) => times.frame],
  ['later yes → unveiled frame', (times: CallTimes) => times.afterYes],
  ['first unveiled frame', (times: CallTimes) => times.unveiled],
] as const;

/** The ratio of each round's two figures: its median, and between which four of five lie. */
function pairedText(after: readonly number[], before: readonly number[]): string {
  const ratios = after.flatMap((value, index) => {
    const other = before[index];
    return other === undefined ? [] : [value / other];
  });
  const [p10, p50, p90] = [0.1, 0.5, 0.9].map((share) => quantile(ratios, share).toFixed(2));
  return `${p50} (${p10} to ${p90})`;
}

/** With eight rows, an interval of 95 % would find a difference by chance every few runs. */
const SURE = 0.99;

function verdict(after: readonly number[], before: readonly number[]): string {
  if (Math.min(after.length, before.length) < ENOUGH) return `too few to say (${ENOUGH} needed)`;
  const { from, to } = intervalOf(after, before, SURE);
  if (from > 1) return 'slower';
  return to < 1 ? 'faster' : 'no difference seen';
}

function print(before: Visitors, after: Visitors): void {
  const rows = (['match', 'next'] as const).flatMap((what) =>
    KINDS.flatMap(([kind, of]) => {
      const [old, now] = [of(before[what]), of(after[what])];
      const row = (whose: string, numbers: readonly number[]): string[] => [
        `${what === 'match' ? 'match' : 'next partner'}: ${kind}, ${whose}`,
        ...figureCells(numbers),
      ];
      return [
        [...row('before', old), '', '', ''],
        [...row('after', now), ratioText(now, old), pairedText(now, old), verdict(now, old)],
      ];
    }),
  );
  const head = ['ms', 'n', 'p50', 'p90', '', 'after/before (95 %)', 'round by round (p10 to p90)', ''];
  console.log(`\n${tableText([head, ...rows])}`);
  console.log(
    '\nwhere the time of a match goes (p50 of each step, ms; a step is over when both ends are there)',
  );
  console.log(stepTable([before, after]));
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ args: process.argv.slice(2), allowPositionals: true });
  const rounds = Number(positionals[0] ?? DEFAULT_ROUNDS);
  const checkout = process.env['BENCH_BEFORE'];
  if (checkout === undefined || !Number.isInteger(rounds) || rounds < 1) throw new Error(USAGE);
  const pages = await BenchPages.open();
  const both: Visitors[] = [];
  try {
    await underHeader(header(rounds), async () => {
      const before = await Visitors.open('before', checkout, pages);
      both.push(before);
      const after = await Visitors.open('after', process.cwd(), pages);
      both.push(after);
      await alternate(both, 1);
      for (const one of both) one.forget();
      await alternate(both, rounds);
      print(before, after);
    });
  } finally {
    for (const one of both) await one.close();
    await pages.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
