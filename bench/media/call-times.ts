import type { ServerMark } from '../support/server-marks';
import type { Milestones } from './call-observer';

/** Both ends of a call. A milestone counts when both have reached it: a call is there when both see each other. */
export type Ends = readonly Milestones[];

/** Times of several calls of one kind (ms since the server's decision). */
export interface CallTimes {
  readonly name: string;
  readonly packet: number[];
  readonly frame: number[];
  /** Until the first frame without a veil. */
  readonly unveiled: number[];
  /** From the later yes, which each side says at its first veiled frame, to the first frame without a veil. */
  readonly afterYes: number[];
}

export const callTimes = (name: string): CallTimes => ({
  name,
  packet: [],
  frame: [],
  unveiled: [],
  afterYes: [],
});

const latest = (times: readonly (number | null)[]): number => Math.max(...times.map((at) => at ?? NaN));

export function note(to: CallTimes, ends: Ends): void {
  const since = latest(ends.map(({ matchedAt }) => matchedAt));
  const frame = latest(ends.map(({ frameAt }) => frameAt));
  to.packet.push(latest(ends.map(({ packetAt, frameAt }) => packetAt ?? frameAt)) - since);
  to.frame.push(frame - since);
  if (ends.some(({ unveiledAt }) => unveiledAt === null)) return;
  const unveiled = latest(ends.map(({ unveiledAt }) => unveiledAt));
  to.unveiled.push(unveiled - since);
  to.afterYes.push(unveiled - frame);
}

/** The way from the decision to the first frame, milestone by milestone. */
export const STEPS = [
  'decision → partner_found sent to both',
  '→ received by both',
  '→ consumers made (negotiated)',
  '→ ready sent by both',
  '→ producers resumed on the server',
  '→ first packet at both',
  '→ first frame shown at both',
] as const;

/** How long each step took, for several calls: one list for each of `STEPS`. */
export type Breakdown = readonly number[][];

export const breakdown = (): Breakdown => STEPS.map(() => []);

/** `marks`: what the server's probe has seen during this call. */
export function noteSteps(to: Breakdown, ends: Ends, marks: readonly ServerMark[]): void {
  const [callId] = ends.map((end) => end.callId);
  const since = latest(ends.map(({ matchedAt }) => matchedAt));
  const frame = latest(ends.map(({ frameAt }) => frameAt));
  const sent = marks.flatMap((mark) =>
    mark.mark === 'partner_found sent' && mark.callId === callId ? [mark.at] : [],
  );
  // A veiled call's microphones are resumed later, when both have said yes; that is no step to the first frame.
  const resumed = marks.flatMap((mark) =>
    mark.mark === 'producer resumed' && mark.at > since && mark.at < frame ? [mark.at] : [],
  );
  const reached = [
    latest(sent),
    latest(ends.map(({ foundAt }) => foundAt)),
    latest(ends.map(({ consumersAt }) => consumersAt)),
    latest(ends.map(({ readyAt }) => readyAt)),
    latest(resumed),
    latest(ends.map(({ packetAt }) => packetAt)),
    frame,
  ];
  // On a busy machine the server may learn of the resuming after the frame is shown: such a call has no such step.
  if (sent.length === 0 || resumed.length === 0) return;
  reached.forEach((at, index) => to[index]?.push(at - (reached[index - 1] ?? since)));
}
