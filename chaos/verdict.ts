/** Within this time 99 of 100 peers of a killed node are in a queue or call again, on a machine that keeps up (ms). */
export const RECOVERY_PROMISE_MS = 2_000;
/**
 * How often a client waits for an event loop while it comes back: the auditor's for the close, the retry, the socket and
 * the handshake, the nodes' for the socket, the handshake, the transfer, the takeover, the bridge and the offer. Each
 * wait may take as long as the machine is late.
 */
const EVENT_LOOP_TURNS = 10;

/**
 * A node raises an alarm about records that are not kept within 5 s, of which it may be stopped for 4 s. In the rest a
 * record waits for about four writes, those of the batch before it and its own. Where one write of the auditor itself, or
 * its event loop, takes longer than this (ms), late records are the machine's doing; that none is lost is another rule's
 * concern.
 */
export const RECORDS_ALLOWANCE_MS = 250;

/** What a run has shown, in figures. All counts are of the whole run. */
export interface VerdictFigures {
  readonly doubleMatches: number;
  readonly stuck: number;
  readonly leftOver: number;
  readonly violations: number;
  /** Nodes that ended with something else than 0. */
  readonly disorderlyExits: number;
  /** Requests to nodes that were not answered, so that an audit does not cover them. */
  readonly unanswered: number;
  /** How long peers of killed nodes took to come back while Redis was there (ms). */
  readonly recoveriesMs: readonly number[];
  /** Peers of killed nodes that never came back. */
  readonly neverBack: number;
  /** How late the auditor's own event loop was, p99 (ms). */
  readonly latenessMs: number;
  readonly forgotten: number;
  /** Errors that nodes caught and counted while Redis was there for the whole run; `null` when Redis was killed. */
  readonly errors: number | null;
  readonly messagesLost: number;
  readonly recordsLost: number;
  readonly recordsRejected: number;
  /** Errors that nodes logged about records, except for those that were only late. */
  readonly recordErrors: number;
  /** How often nodes said that changes of records were not kept in time. */
  readonly recordsLate: number;
  /** The longest that the auditor's own write took until it was on the disk (ms). */
  readonly diskMs: number;
}

export interface Failure {
  readonly rule: string;
  /** The figure, and what it should have been. */
  readonly words: string;
}

/** Every rule that the run has broken; none: the run is good. */
export function verdictOf(figures: VerdictFigures): readonly Failure[] {
  const none = (rule: string, count: number, words: string): Failure[] =>
    count === 0 ? [] : [{ rule, words: `${count} ${words}` }];
  return [
    ...none(
      'double matches',
      figures.doubleMatches,
      'people in two calls, or calls that contradict each other',
    ),
    ...none('stuck', figures.stuck, 'people could neither talk nor wait'),
    ...none('left over', figures.leftOver, 'things were left on nodes when everybody had gone'),
    ...none('protocol', figures.violations, 'messages or replies were not of the protocol'),
    ...none('orderly stop', figures.disorderlyExits, 'nodes did not end with 0'),
    ...none('audit', figures.unanswered, 'questions of the audit were not answered by nodes'),
    ...lateRecoveries(figures),
    ...none('never back', figures.neverBack, 'people of killed nodes did not come back'),
    ...none('forgotten', figures.forgotten, 'people were not known again, though Redis had been there'),
    ...none('errors', figures.errors ?? 0, 'errors were caught by nodes, though Redis had been there'),
    ...none('messages', figures.messagesLost, 'acknowledged messages did not arrive, though they could have'),
    ...none('records lost', figures.recordsLost, 'changes of records were given up'),
    ...none('records rejected', figures.recordsRejected, 'changes of records were refused by the store'),
    ...none('records not kept', figures.recordErrors, 'errors about records were logged'),
    ...lateRecords(figures),
  ];
}

/** The time that 99 of 100 may take on a machine that is this late (ms). */
export const allowedRecoveryMs = (latenessMs: number): number =>
  RECOVERY_PROMISE_MS + EVENT_LOOP_TURNS * latenessMs;

/** The smallest value that this share of all does not exceed; 0 where there is none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function lateRecoveries({ recoveriesMs, latenessMs }: VerdictFigures): Failure[] {
  const allowed = allowedRecoveryMs(latenessMs);
  const p99 = quantile(recoveriesMs, 0.99);
  if (p99 <= allowed) return [];
  const late = recoveriesMs.filter((ms) => ms > allowed).length;
  // Of fewer than 100 the p99 is the longest.
  const name = recoveriesMs.length < 100 ? 'the longest' : 'p99';
  const words =
    `${late} of ${recoveriesMs.length} people of killed nodes were back late: ${name} ${Math.round(p99)} ms, ` +
    `allowed ${Math.round(allowed)} ms (${RECOVERY_PROMISE_MS} ms, and ${EVENT_LOOP_TURNS} times the auditor's ` +
    `own lateness of ${Math.round(latenessMs)} ms)`;
  return [{ rule: 'back late', words }];
}

function lateRecords({ recordsLate, diskMs, latenessMs }: VerdictFigures): Failure[] {
  if (recordsLate === 0 || Math.max(diskMs, latenessMs) > RECORDS_ALLOWANCE_MS) return [];
  const words =
    `${recordsLate} times changes of records were not kept in time, ` +
    `though the disk took ${Math.round(diskMs)} ms for a write at most`;
  return [{ rule: 'records late', words }];
}
