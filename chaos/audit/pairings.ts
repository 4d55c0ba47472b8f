import type { Interval, KnownCall } from '../people/call-history';

/** How long two clients may both be with the same peer, by their own state, on a machine that keeps up (M7, ms). */
const LATE_END_MS = 2_000;
/**
 * How often a client waits for an event loop until it knows that a call is over: its own for the look, the ping and the
 * reply, the nodes' for the reply, the round of the reconciliation, the question, the answer and the end. Each wait may
 * take as long as the machine is late.
 */
const EVENT_LOOP_TURNS = 8;
/** An end that is reported later than this is counted, so that the report shows how late ends come. */
const COUNTED_MS = 1_500;
/** A peer is put into a second call without the end of the first: its first partner stays at least this long. */
const AT_ONCE_MS = 1_500;

export interface LateEnd {
  readonly ms: number;
  readonly words: string;
}

export interface PairingAudit {
  readonly calls: number;
  /** A peer in two calls at once, each time with the evidence. */
  readonly doubles: readonly string[];
  /** A call whose participants do not name each other, or are not two. */
  readonly disagreements: readonly string[];
  /** How long a client stayed in a call that its partner had left for a new one, where that was long. */
  readonly lateEnds: readonly LateEnd[];
  /** Calls that only one of the two was notified of. */
  readonly oneSided: number;
}

/** How long it may take on a machine that is this late (ms) until an end that is late counts as a double match. */
export const allowedLateEndMs = (latenessMs: number): number => LATE_END_MS + EVENT_LOOP_TURNS * latenessMs;

/**
 * Judges all calls by the messages that both participants got.
 * @param latenessMs how late the auditor's own event loop was, p99
 */
export function auditPairings(calls: readonly KnownCall[], latenessMs: number): PairingAudit {
  const byCall = groupedBy(calls, ({ callId }) => callId);
  const disagreements = [...byCall].flatMap(([callId, known]) => disagreement(callId, known));
  const { doubles, lateEnds } = overlaps(calls, allowedLateEndMs(latenessMs));
  return {
    calls: byCall.size,
    doubles: [...doubles, ...unannounced(calls, byCall)],
    disagreements,
    lateEnds,
    oneSided: [...byCall.values()].filter((known) => new Set(known.map(({ self }) => self)).size === 1)
      .length,
  };
}

function disagreement(callId: string, known: readonly KnownCall[]): string[] {
  const pairs = new Set(known.map(({ self, partner }) => [self, partner].sort().join(' and ')));
  const selves = known.filter(({ self, partner }) => self === partner);
  if (pairs.size === 1 && selves.length === 0) return [];
  return [`call ${callId} is of ${[...pairs].join(', but also of ')}`];
}

/** Of each peer: the intervals in which others were with it by their own state, where those of two calls overlap. */
function overlaps(
  calls: readonly KnownCall[],
  allowedMs: number,
): { doubles: string[]; lateEnds: LateEnd[] } {
  const doubles: string[] = [];
  const lateEnds: LateEnd[] = [];
  for (const [peerId, named] of groupedBy(calls, ({ partner }) => partner)) {
    const believed = named
      .flatMap((call) => call.together.map((interval) => ({ call, interval })))
      .sort((one, other) => one.interval.from - other.interval.from);
    let last = believed[0];
    for (const next of believed.slice(1)) {
      const together = last === undefined ? 0 : overlap(last.interval, next.interval);
      if (last !== undefined && last.call.callId !== next.call.callId) {
        const late = { ms: together, words: words(peerId, last.call, next.call, together) };
        if (together > COUNTED_MS) lateEnds.push(late);
        if (together > allowedMs) doubles.push(late.words);
      }
      if (last === undefined || next.interval.to > last.interval.to) last = next;
    }
  }
  return { doubles, lateEnds };
}

/** The peers that were put into a call while they were in another, both partners being present. */
function unannounced(
  calls: readonly KnownCall[],
  byCall: ReadonlyMap<string, readonly KnownCall[]>,
): string[] {
  return calls.flatMap((call) => {
    if (call.instead === null) return [];
    const isThere = ({ self, together }: KnownCall): boolean =>
      self !== call.self &&
      together.some(({ from, to }) => from <= call.from && to >= call.from + AT_ONCE_MS);
    const before = byCall.get(call.instead)?.find(isThere);
    const now = byCall.get(call.callId)?.find(({ self }) => self === call.partner);
    return before === undefined || now === undefined ? [] : [words(call.self, before, now, AT_ONCE_MS)];
  });
}

const overlap = (one: Interval, other: Interval): number =>
  Math.min(one.to, other.to) - Math.max(one.from, other.from);

const words = (peerId: string, one: KnownCall, other: KnownCall, ms: number): string =>
  `${peerId} for ${Math.round(ms)} ms in ${one.callId} (with ${one.self}, ${one.how}) and in ${other.callId}` +
  ` (with ${other.self}) at ${new Date(other.from).toISOString()}`;

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
