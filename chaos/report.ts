import type { MessageAudit } from './audit/messages';
import { allowedLateEndMs, type PairingAudit } from './audit/pairings';
import { recordErrors, type RecordFigures } from './audit/records';
import type { RoomsAudit } from './audit/rooms';
import type { StuckAudit } from './audit/stuck';
import type { Harm } from './harm';
import type { MachineFigures } from './machine';
import type { ChaosOptions } from './options';
import type { Recovery, Tally } from './people/context';
import { allowedRecoveryMs, quantile, verdictOf, type VerdictFigures } from './verdict';

export interface Findings {
  readonly options: ChaosOptions;
  readonly tally: Tally;
  readonly harm: Harm['counts'];
  /** Peers of killed nodes that were not back long after the harm had ended. */
  readonly neverBack: number;
  readonly rooms: RoomsAudit;
  readonly stuck: StuckAudit;
  readonly pairings: PairingAudit;
  readonly messages: MessageAudit;
  readonly records: RecordFigures;
  /** Nodes whose counters of records could not be read at the end. */
  readonly recordsUnanswered: readonly string[];
  readonly leftovers: readonly string[];
  readonly exitCodes: readonly (number | null)[];
  /** Errors that nodes have logged, and how often. */
  readonly nodeErrors: ReadonlyMap<string, number>;
  readonly machine: MachineFigures;
}

const EXAMPLES = 10;

export function figuresOf(findings: Findings): VerdictFigures {
  const { tally, rooms, stuck, pairings, records } = findings;
  const nodeErrors = recordErrors(findings.nodeErrors);
  return {
    doubleMatches: pairings.doubles.length + pairings.disagreements.length + rooms.contradictions.length,
    stuck: stuck.stuck.length,
    leftOver: findings.leftovers.length,
    violations: tally.violations.length,
    disorderlyExits: findings.exitCodes.filter((code) => code !== 0).length,
    unanswered: rooms.unanswered.length + findings.recordsUnanswered.length,
    recoveriesMs: tally.recoveries.filter(({ withRedis }) => withRedis).map(({ ms }) => ms),
    neverBack: findings.neverBack,
    latenessMs: findings.machine.lateP99,
    forgotten: tally.forgotten,
    errors: findings.harm.redisKilled === 0 ? records.errors : null,
    messagesLost: findings.messages.lost.length,
    recordsLost: records.lost,
    recordsRejected: records.rejected,
    recordErrors: nodeErrors.others,
    recordsLate: nodeErrors.late,
    diskMs: findings.machine.diskMax,
  };
}

export const isGood = (findings: Findings): boolean => verdictOf(figuresOf(findings)).length === 0;

/** All that was found, in lines to be printed. */
export function report(findings: Findings): string[] {
  return [
    '',
    ...courseLines(findings),
    ...recoveryLines(findings),
    ...stateLines(findings),
    ...evidenceLines(findings),
    '',
    ...verdictLines(findings),
  ];
}

function courseLines({ tally, harm, pairings, messages, machine }: Findings): string[] {
  const latest = Math.round(Math.max(0, ...pairings.lateEnds.map(({ ms }) => ms)));
  return [
    `Harm: ${harm.nodesKilled} nodes killed, ${harm.nodesStopped} stopped for a while, ` +
      `${harm.workersKilled} media workers killed, Redis killed ${harm.redisKilled} times`,
    `People: ${pairings.calls} calls, ${tally.searches} searches, ${tally.drops} drops, ${tally.resumes} resumed, ` +
      `${tally.joins} joined to media`,
    `Messages: ${messages.sent} sent, ${messages.acknowledged} acknowledged; of these ${messages.arrived} arrived, ` +
      `${messages.overtaken} were overtaken by the end of their call, ${messages.lost.length} were lost`,
    `Not known again: ${tally.forgotten} with Redis there, ${tally.forgottenWithRedis} after Redis had lost everything`,
    `Of note: ${tally.reloads} pages loaded again, ${tally.replaced} replaced, ${tally.searchesEnded} searches ended ` +
      `by the server, ${tally.linesLost} lines lost, ${pairings.oneSided} calls that only one was told of`,
    `Ends heard of late: ${pairings.lateEnds.length}, the longest after ${latest} ms; from ` +
      `${Math.round(allowedLateEndMs(machine.lateP99))} ms on (2 s, and what the machine is late) it is a double match`,
    `The machine: the auditor's own event loop was late by ${Math.round(machine.lateP99)} ms (p99), ` +
      `${Math.round(machine.lateMax)} ms at most; its own disk took up to ${Math.round(machine.diskMax)} ms for a write`,
  ];
}

function recoveryLines({ tally, neverBack, machine }: Findings): string[] {
  const allowed = allowedRecoveryMs(machine.lateP99);
  const line = (words: string, belongs: (recovery: Recovery) => boolean): string => {
    const times = tally.recoveries.filter(belongs).map(({ ms }) => ms);
    if (times.length === 0) return `  ${words}: nobody`;
    const late = times.filter((ms) => ms > allowed).length;
    return (
      `  ${words}: ${times.length} people, p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms, ` +
      `longest ${quantile(times, 1)} ms, ${late} later than ${Math.round(allowed)} ms`
    );
  };
  return [
    `People of a killed node until they were in a queue or a call again (${neverBack} were not):`,
    line('with Redis there', ({ withRedis }) => withRedis),
    line('with Redis away in between', ({ withRedis }) => !withRedis),
    line(
      `of them at a node that was stopped meanwhile${longestStill(tally.recoveries)}`,
      ({ stillMs }) => stillMs > 0,
    ),
    line('back in their call', ({ to, lostState }) => to === 'call' && !lostState),
    line('whose call or search was lost', ({ lostState }) => lostState),
  ];
}

const longestStill = (recoveries: readonly Recovery[]): string => {
  const longest = Math.max(0, ...recoveries.map(({ stillMs }) => stillMs));
  return longest === 0 ? '' : ` (for up to ${longest} ms, which do not count)`;
};

function stateLines({ stuck, tally, nodeErrors, records, exitCodes }: Findings): string[] {
  return [
    `Asked at the end: ${stuck.talking} talk, ${stuck.waiting} wait`,
    counted('Errors people were answered with', tally.errors),
    `Errors nodes counted: ${records.errors}; changes of records given up: ${records.lost}, ` +
      `refused by the store: ${records.rejected}`,
    counted('Errors nodes logged', nodeErrors),
    `Exit codes: ${exitCodes.join(', ')}`,
  ];
}

function evidenceLines(findings: Findings): string[] {
  const { options, tally, pairings, rooms, stuck } = findings;
  return [
    ...(options.evidence ? tally.oddities : []),
    ...listed('Double match', [...pairings.doubles, ...pairings.disagreements, ...rooms.contradictions]),
    ...listed('Not answered', [...rooms.unanswered, ...findings.recordsUnanswered]),
    ...listed('Stuck', stuck.stuck),
    ...listed('Message lost', findings.messages.lost),
    ...listed('Violation', tally.violations),
    ...listed('Left over', findings.leftovers),
  ];
}

function verdictLines(findings: Findings): string[] {
  const failures = verdictOf(figuresOf(findings));
  const { seed } = findings.options;
  if (failures.length === 0) return [`seed ${seed}: GOOD, no rule was broken`];
  return [
    ...failures.map(({ rule, words }) => `FAILED (${rule}): ${words}`),
    `seed ${seed}: NOT GOOD, ${failures.length} rules were broken`,
  ];
}

function counted(words: string, counts: ReadonlyMap<string, number>): string {
  const most = [...counts].sort(([, one], [, other]) => other - one).slice(0, 3 * EXAMPLES);
  return `${words}: ${most.length === 0 ? 'none' : most.map(([what, count]) => `${count} × ${what}`).join('; ')}`;
}

function listed(words: string, items: readonly string[]): string[] {
  const more = items.length > EXAMPLES ? [`  … and ${items.length - EXAMPLES} more`] : [];
  return [...items.slice(0, EXAMPLES).map((item) => `${words}: ${item}`), ...more];
}
