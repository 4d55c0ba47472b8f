import type { ChatLine } from '../engine/state';

export interface ShownLine {
  line: ChatLine;
  /** The line under which the time (and, for one's own, how far it got) is printed. */
  last: boolean;
}

const RUN_MS = 60_000;

/** Lines of one person within a minute share one time; a line that did not get through always says so. */
export function runsOf(lines: readonly ChatLine[]): ShownLine[] {
  return lines.map((line, index) => {
    const next = lines[index + 1];
    const last =
      !next ||
      next.mine !== line.mine ||
      next.at - line.at > RUN_MS ||
      (line.mine && next.state !== line.state);
    return { line, last };
  });
}
