import { figureCells, tableText } from '../support/figures';
import { quantile } from '../support/quantile';
import { ratioText } from '../support/ratio';
import { STEPS, type Breakdown, type CallTimes } from './call-times';
import { BarePair, ReadyPair, type Way } from './ways';

const matchOf = (ways: readonly Way[], name: string): CallTimes | undefined =>
  ways.find((way) => way.name === name)?.times[0];

/** A row for each kind of call: first packet, first frame, and how the frame relates to peer to peer. */
export function printTimes(ways: readonly Way[]): void {
  const bare = ways.find((way) => way instanceof BarePair)?.times[0];
  const ratio = (numbers: readonly number[]): string =>
    bare === undefined ? '' : (quantile(numbers, 0.5) / quantile(bare.frame, 0.5)).toFixed(2);
  const rows = ways
    .flatMap(({ times }) => times)
    .filter(({ frame }) => frame.length > 0)
    .flatMap((times) => {
      const { name, packet, frame, unveiled, afterYes } = times;
      const isVeiled = name.includes('veil on');
      const row = (label: string, numbers: readonly number[]): string[] => {
        const [n = '', ...figures] = figureCells(numbers);
        return [label, n, ...figureCells(packet).slice(1), ...figures, ratio(numbers)];
      };
      if (!isVeiled) return [row(name, frame)];
      const [n = '', ...figures] = figureCells(afterYes);
      return [
        row(`${name}, veiled frame`, frame),
        row(`${name}, first unveiled frame`, unveiled),
        [`${name}, later yes → unveiled`, n, '', '', '', ...figures, ''],
      ];
    });
  const head = ['ms, the later end', 'n', 'packet p50', 'p90', '', 'frame p50', 'p90', '', '× peer to peer'];
  console.log(`\n${tableText([head, ...rows])}`);
}

/** Where the time goes, for ways whose server has a probe that saw it. */
export function printBreakdown(ways: readonly Way[]): void {
  const seen = ways
    .filter((way) => way instanceof ReadyPair)
    .filter(({ steps }) => (steps[0]?.length ?? 0) > 0);
  if (seen.length === 0) return;
  console.log(
    '\nwhere the time of a match goes (p50 of each step, ms; a step is over when both ends are there)',
  );
  console.log(stepTable(seen.map(({ name, steps }) => ({ name, steps }))));
}

/** A column for each named breakdown. */
export function stepTable(columns: readonly { readonly name: string; readonly steps: Breakdown }[]): string {
  const rows = STEPS.map((step, index) => [
    step,
    ...columns.map(({ steps }) => quantile(steps[index] ?? [], 0.5).toFixed(1)),
  ]);
  const names = columns.map(({ name, steps }) => `${name} (n ${steps[0]?.length ?? 0})`);
  return tableText([['step', ...names], ...rows]);
}

/** What is compared with what; each where both were measured. */
const COMPARED: readonly (readonly [string, string])[] = [
  ['one worker, veil off', 'bare peer to peer'],
  ['one worker, veil on (default)', 'bare peer to peer'],
  ['one worker, veil on (default)', 'one worker, veil off'],
  ['two workers, veil off', 'one worker, veil off'],
  ['two nodes, veil off', 'one node of many, veil off'],
  ['two nodes, veil off', 'one worker, veil off'],
];

export function printRatios(ways: readonly Way[]): void {
  const lines = COMPARED.flatMap(([of, to]) => {
    const [one, other] = [matchOf(ways, of), matchOf(ways, to)];
    if (one === undefined || other === undefined) return [];
    return [`  ${of} / ${to}: ${ratioText(one.frame, other.frame)}`];
  });
  if (lines.length === 0) return;
  console.log('\nfirst frame of a match, ratio of the medians (95 % interval by bootstrap)');
  for (const line of lines) console.log(line);
}
