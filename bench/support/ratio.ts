import { quantile } from './quantile';
import { seeded } from './random';

export interface Interval {
  readonly from: number;
  readonly to: number;
}

const DRAWS = 2_000;
/** With fewer measurements than this, no interval of theirs is to be believed. */
export const ENOUGH = 20;

const ratioOf = (of: readonly number[], to: readonly number[]): number =>
  quantile(of, 0.5) / quantile(to, 0.5);

/**
 * Between these lies the ratio of two medians in this share of cases when the measurements are drawn anew (bootstrap).
 * Lists of one length come from rounds that alternated: their rounds are drawn together, so that a slow minute of the
 * machine is in both.
 */
export function intervalOf(of: readonly number[], to: readonly number[], share: number): Interval {
  const random = seeded(11);
  const indexes = (length: number): number[] => Array.from({ length }, () => Math.floor(random() * length));
  const at = (numbers: readonly number[], drawn: readonly number[]): number[] =>
    drawn.map((index) => numbers[index] ?? NaN);
  const ratios = Array.from({ length: DRAWS }, () => {
    const drawn = indexes(of.length);
    return ratioOf(at(of, drawn), at(to, of.length === to.length ? drawn : indexes(to.length)));
  });
  return { from: quantile(ratios, (1 - share) / 2), to: quantile(ratios, (1 + share) / 2) };
}

/** `0.96 (0.91 to 1.02)`: the ratio of the medians and its 95 % interval. */
export function ratioText(of: readonly number[], to: readonly number[]): string {
  if (Math.min(of.length, to.length) < ENOUGH)
    return `${ratioOf(of, to).toFixed(2)} (too few for an interval)`;
  const { from, to: until } = intervalOf(of, to, 0.95);
  return `${ratioOf(of, to).toFixed(2)} (${from.toFixed(2)} to ${until.toFixed(2)})`;
}
