import { setTimeout as sleep } from 'node:timers/promises';
import { auditLeftovers } from './audit/leftovers';
import { auditMessages } from './audit/messages';
import { auditPairings, type PairingAudit } from './audit/pairings';
import { RecordsAudit } from './audit/records';
import { auditRooms } from './audit/rooms';
import { auditStuck } from './audit/stuck';
import { Harm } from './harm';
import { MachineMonitor, type MachineFigures } from './machine';
import { Installation, type InstallationEvents } from './nodes/installation';
import { mediaPeople, type ChaosOptions } from './options';
import { Tally, type ChaosContext } from './people/context';
import { Crowd } from './people/crowd';
import { Pictures } from './people/pictures';
import type { Findings } from './report';

/** Between the last harm and the audit: the grace period of a peer, and the time until its end is known everywhere. */
const SETTLE_MS = 18_000;
const PROGRESS_MS = 10_000;
/** How often the nodes' counters of records are read: a node that is killed takes them along. */
const RECORDS_EVERY_MS = 2_000;

export interface ChaosEvents extends InstallationEvents {
  /** Prints a line of progress. */
  say(words: string): void;
}

/** Starts an installation, fills it with clients, does harm, and audits the result. Closes all it has started. */
export async function runChaos(options: ChaosOptions, events: ChaosEvents): Promise<Findings> {
  const withMedia = mediaPeople(options);
  const pictures = withMedia > 0 ? await Pictures.open() : undefined;
  const installation = await Installation.start(options, events);
  const tally = new Tally();
  const context: ChaosContext = {
    pick: (random) => {
      const serving = installation.serving();
      return serving[Math.floor(random() * serving.length)];
    },
    redisLastAway: () => (installation.redisIsUp ? installation.redisBackAt : Date.now()),
    pictures,
    tally,
  };
  const crowd = new Crowd(context, { ...options, withMedia });
  try {
    return await play({ options, events, installation, crowd, tally });
  } finally {
    crowd.leave();
    pictures?.close();
    await installation.close();
  }
}

interface Play {
  readonly options: ChaosOptions;
  readonly events: ChaosEvents;
  readonly installation: Installation;
  readonly crowd: Crowd;
  readonly tally: Tally;
}

async function play(scene: Play): Promise<Findings> {
  const { options, events, installation, crowd, tally } = scene;
  const begun = Date.now();
  const say = (words: string): void => events.say(`${clock(begun)} ${words}`);
  const records = new RecordsAudit(installation);
  const { harm, machine } = await doHarm(scene, records, say);
  const neverBack = crowd.clients.filter(({ recovery }) => recovery.isRunning).length;
  const rooms = await auditRooms(installation);
  say('everybody makes themselves known');
  const stuck = await auditStuck(crowd.clients);
  const calls = crowd.clients.flatMap(({ history }) => history.calls());
  const pairings = auditPairings(calls, machine.lateP99);
  const messages = auditMessages([...tally.messages.values()], calls);
  if (options.evidence) for (const line of traceOf(crowd, worstOf(pairings))) events.say(line);
  say('everybody leaves');
  crowd.leave();
  const leftovers = await auditLeftovers(installation);
  await records.read();
  const exitCodes = await installation.stop();
  return {
    options,
    tally,
    harm: harm.counts,
    neverBack,
    rooms,
    stuck,
    pairings,
    messages,
    records: records.figures(),
    recordsUnanswered: records.unanswered,
    leftovers,
    exitCodes,
    nodeErrors: installation.errors,
    machine,
  };
}

/** Clients come and act, harm is done to their nodes, and they settle again. */
async function doHarm(
  scene: Play,
  records: RecordsAudit,
  say: (words: string) => void,
): Promise<{ harm: Harm; machine: MachineFigures }> {
  const { options, installation, crowd } = scene;
  const monitor = new MachineMonitor();
  const harm = new Harm(installation, options, {
    struck: (node) => {
      const at = Date.now();
      for (const client of crowd.clients) if (client.node === node) client.nodeKilled(at);
    },
    did: say,
  });
  crowd.begin();
  monitor.start();
  const timers = [
    setInterval(() => say(situation(scene)), PROGRESS_MS),
    // A failed read is repeated soon; only the read at the end has to succeed, and throws if it does not.
    setInterval(() => void records.read().catch(() => undefined), RECORDS_EVERY_MS),
  ];
  try {
    await sleep(Math.min(3_000, options.seconds * 200));
    harm.begin();
    await sleep(options.seconds * 1000);
    await harm.stop();
    say('no more harm; everybody settles');
    crowd.calmDown();
    await sleep(SETTLE_MS);
  } finally {
    for (const timer of timers) clearInterval(timer);
    await monitor.stop();
  }
  return { harm, machine: await monitor.stop() };
}

function situation({ crowd: { clients }, tally }: Play): string {
  const count = (wanted: string): number => clients.filter(({ state }) => state.state === wanted).length;
  const connected = clients.filter(({ node }) => node !== undefined).length;
  return (
    `${connected} connected, ${count('searching')} searching, ${count('in_call')} in calls; ` +
    `${tally.messages.size} messages, ${tally.resumes} resumed`
  );
}

/** The double matches, or else the late ends that came nearest to one. */
function worstOf({ doubles, lateEnds }: PairingAudit): string[] {
  if (doubles.length > 0) return [...doubles];
  const latest = [...lateEnds].sort((one, other) => other.ms - one.ms).slice(0, 1);
  return latest.map(({ words }) => words);
}

/** The traces of the clients that these double matches name. */
function traceOf({ clients }: Crowd, doubles: readonly string[]): string[] {
  const named = clients.filter(({ id }) => doubles.some((words) => words.includes(id)));
  return [...doubles, ...named.flatMap((client) => [client.describe(), ...client.trace.lines])];
}

function clock(begun: number): string {
  const seconds = Math.floor((Date.now() - begun) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
