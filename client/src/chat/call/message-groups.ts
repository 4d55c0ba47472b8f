import type { ChatLine } from '../engine/state';

export interface GroupedMessage {
  line: ChatLine;
  /** Whether the time and, for the user's own messages, the delivery state are shown below this message. */
  last: boolean;
}

const RUN_MS = 60_000;

/** Groups messages of one person within a minute: they share one time. A failed message always shows its state. */
export function groupMessages(lines: readonly ChatLine[]): GroupedMessage[] {
  return lines.map((line, index) => {
    const next = lines[index + 1];
    const last =
      next?.mine !== line.mine || next.at - line.at > RUN_MS || (line.mine && next.state !== line.state);
    return { line, last };
  });
}
