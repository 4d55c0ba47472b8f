import { quantile } from './quantile';

/** With fewer measurements than this, a 99th percentile would only be another name for the greatest one. */
export const P99_FROM = 300;

export interface Figures {
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  /** The 99th percentile where there are enough measurements for one, else the greatest. */
  readonly high: number;
  readonly highName: 'p99' | 'max';
}

export function figuresOf(numbers: readonly number[]): Figures {
  const isEnough = numbers.length >= P99_FROM;
  return {
    n: numbers.length,
    p50: quantile(numbers, 0.5),
    p90: quantile(numbers, 0.9),
    high: quantile(numbers, isEnough ? 0.99 : 1),
    highName: isEnough ? 'p99' : 'max',
  };
}

/** The name and value of the highest figure, where another process has already made figures of its measurements. */
export function highText(n: number, p99: number, most: number, digits = 1): string {
  return n >= P99_FROM
    ? `p99 ${p99.toFixed(digits)} ms, max ${most.toFixed(0)} ms`
    : `max ${most.toFixed(digits)} ms`;
}

/** `n 50, p50 104 ms, p90 120 ms, max 139 ms`. */
export function figureText(numbers: readonly number[], unit = 'ms', digits = 0): string {
  const { n, p50, p90, high, highName } = figuresOf(numbers);
  const text = (value: number): string => `${value.toFixed(digits)} ${unit}`;
  return `n ${n}, p50 ${text(p50)}, p90 ${text(p90)}, ${highName} ${text(high)}`;
}

/** Columns of a table: n, p50, p90 and p99 or max, each named in the cell where the rows of a table may differ. */
export function figureCells(numbers: readonly number[], digits = 0): string[] {
  const { n, p50, p90, high, highName } = figuresOf(numbers);
  return [String(n), p50.toFixed(digits), p90.toFixed(digits), `${highName} ${high.toFixed(digits)}`];
}

/** A table as text: the first column to the left, all others to the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
