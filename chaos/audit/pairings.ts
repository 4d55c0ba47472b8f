import type { Interval, KnownCall } from '../people/call-history';

/**
 * How long two may both believe to be with the same person until that is a double match and no late word of an end. A
 * node may be stopped for 4 s, and what it was told meanwhile is lost; the audit among nodes then takes two rounds of
 * 2 s to find out.
 */
export const LATE_END_ALLOWANCE_MS = 8_500;
/** An end that is heard of later than this is counted, so that it is seen how late they come. */
const NOTED_MS = 1_500;
/** Someone put into a second call without a word about the first: so long does the first partner stay in the first call. */
const AT_ONCE_MS = 1_500;

export interface LateEnd {
  readonly ms: number;
  readonly words: string;
}

export interface PairingAudit {
  readonly calls: number;
  /** A person in two calls at once, each time with the evidence. */
  readonly doubles: readonly string[];
  /** A call whose people do not name each other, or are not two. */
  readonly disagreements: readonly string[];
  /** How long each one stayed believing in a call that its other person had left for a new one, where that was long. */
  readonly lateEnds: readonly LateEnd[];
  /** Calls that only one of the two was told of. */
  readonly oneSided: number;
}

/** Judges all calls by what both of their people were told. */
export function auditPairings(calls: readonly KnownCall[]): PairingAudit {
  const byCall = groupedBy(calls, ({ callId }) => callId);
  const disagreements = [...byCall].flatMap(([callId, told]) => disagreement(callId, told));
  const { doubles, lateEnds } = overlaps(calls);
  return {
    calls: byCall.size,
    doubles: [...doubles, ...unannounced(calls, byCall)],
    disagreements,
    lateEnds,
    oneSided: [...byCall.values()].filter((told) => new Set(told.map(({ self }) => self)).size === 1).length,
  };
}

function disagreement(callId: string, told: readonly KnownCall[]): string[] {
  const pairs = new Set(told.map(({ self, partner }) => [self, partner].sort().join(' and ')));
  const selves = told.filter(({ self, partner }) => self === partner);
  if (pairs.size === 1 && selves.length === 0) return [];
  return [`call ${callId} is of ${[...pairs].join(', but also of ')}`];
}

/** Of each person: the intervals in which others believed to be with them, where two different calls' overlap. */
function overlaps(calls: readonly KnownCall[]): { doubles: string[]; lateEnds: LateEnd[] } {
  const doubles: string[] = [];
  const lateEnds: LateEnd[] = [];
  for (const [person, named] of groupedBy(calls, ({ partner }) => partner)) {
    const believed = named
      .flatMap((call) => call.together.map((interval) => ({ call, interval })))
      .sort((one, other) => one.interval.from - other.interval.from);
    let last = believed[0];
    for (const next of believed.slice(1)) {
      const together = last === undefined ? 0 : overlap(last.interval, next.interval);
      if (last !== undefined && last.call.callId !== next.call.callId) {
        const late = { ms: together, words: words(person, last.call, next.call, together) };
        if (together > NOTED_MS) lateEnds.push(late);
        if (together > LATE_END_ALLOWANCE_MS) doubles.push(late.words);
      }
      if (last === undefined || next.interval.to > last.interval.to) last = next;
    }
  }
  return { doubles, lateEnds };
}

/** Those who were put into a call while they were in another, both partners being there. */
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

const words = (person: string, one: KnownCall, other: KnownCall, ms: number): string =>
  `${person} for ${Math.round(ms)} ms in ${one.callId} (with ${one.self}, ${one.how}) and in ${other.callId}` +
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
