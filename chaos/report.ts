import type { PairingAudit } from './audit/pairings';
import type { StuckAudit } from './audit/stuck';
import type { Harm } from './harm';
import type { ChaosOptions } from './options';
import { LONG_AWAY_MS, type Return, type Tally } from './people/world';

export interface Findings {
  readonly options: ChaosOptions;
  readonly tally: Tally;
  readonly harm: Harm['counts'];
  /** People of killed nodes who were not back when harm had long ended. */
  readonly stranded: number;
  /** What the nodes' own lists of calls contradict. */
  readonly rooms: readonly string[];
  readonly stuck: StuckAudit;
  readonly pairings: PairingAudit;
  readonly leftovers: readonly string[];
  readonly exitCodes: readonly (number | null)[];
  /** Errors that nodes have logged, and how often. */
  readonly faults: ReadonlyMap<string, number>;
}

const EXAMPLES = 10;

/** What must not be, and how often it was. */
export function failures({
  tally,
  rooms,
  stuck,
  pairings,
  leftovers,
  exitCodes,
}: Findings): Record<string, number> {
  return {
    'double matches': pairings.doubles.length + pairings.disagreements.length + rooms.length,
    'people stuck': stuck.stuck.length,
    'protocol violations': tally.violations.length,
    'left-overs': leftovers.length,
    'nodes that did not stop in order': exitCodes.filter((code) => code !== 0).length,
  };
}

export function isGood(findings: Findings): boolean {
  return Object.values(failures(findings)).every((count) => count === 0);
}

/** All that was found, in lines to be printed. */
export function report(findings: Findings): string[] {
  const { tally, harm, pairings, stuck } = findings;
  return [
    '',
    `Harm: ${harm.nodesKilled} nodes killed, ${harm.nodesStopped} stopped for a while, ` +
      `${harm.workersKilled} media workers killed, Redis killed ${harm.redisKilled} times`,
    `People: ${pairings.calls} calls, ${tally.messages} messages (${tally.delivered} known to have arrived), ` +
      `${tally.searches} searches, ${tally.drops} drops, ${tally.resumes} resumed, ${tally.forgotten} not known again, ` +
      `${tally.joins} joined to media`,
    `Of note: ${tally.reloads} pages loaded again, ${tally.replaced} replaced, ${tally.searchesEnded} searches ended ` +
      `by the server, ${tally.linesLost} lines lost, ${pairings.oneSided} calls that only one was told of, ` +
      `${pairings.lateEnds.length} ends heard of late (longest ${Math.round(Math.max(0, ...pairings.lateEnds.map(({ ms }) => ms)))} ms)`,
    ...returns(tally.returns, findings.stranded),
    `Asked at the end: ${stuck.talking} talk, ${stuck.waiting} wait`,
    counted('Errors people were answered with', tally.domainErrors),
    counted('Errors nodes logged', findings.faults),
    `Exit codes: ${findings.exitCodes.join(', ')}`,
    ...(findings.options.evidence ? tally.oddities : []),
    ...listed('Double match', [...pairings.doubles, ...pairings.disagreements, ...findings.rooms]),
    ...listed('Stuck', stuck.stuck),
    ...listed('Violation', tally.violations),
    ...listed('Left over', findings.leftovers),
    '',
    Object.entries(failures(findings))
      .map(([words, count]) => `${count} ${words}`)
      .join(', '),
    `seed ${findings.options.seed}: ${isGood(findings) ? 'as it should be' : 'NOT AS IT SHOULD BE'}`,
  ];
}

function returns(all: readonly Return[], stranded: number): string[] {
  const line = (words: string, some: readonly Return[]): string => {
    if (some.length === 0) return `  ${words}: nobody`;
    const sorted = some.map(({ ms }) => ms).sort((one, other) => one - other);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    const late = sorted.filter((ms) => ms > LONG_AWAY_MS).length;
    return (
      `  ${words}: ${some.length} people, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms, ` +
      `${late} later than ${LONG_AWAY_MS} ms`
    );
  };
  return [
    `People of a killed node until they were in a queue or a call again (${stranded} were not):`,
    line(
      'with Redis there',
      all.filter(({ withRedis }) => withRedis),
    ),
    line(
      'with Redis away in between',
      all.filter(({ withRedis }) => !withRedis),
    ),
    line(
      'back in their call',
      all.filter(({ to, lost }) => to === 'call' && !lost),
    ),
    line(
      'whose call or search was lost',
      all.filter(({ lost }) => lost),
    ),
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
