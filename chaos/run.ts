import { setTimeout as sleep } from 'node:timers/promises';
import { auditLeftovers } from './audit/leftovers';
import { auditMessages } from './audit/messages';
import { auditPairings, type PairingAudit } from './audit/pairings';
import { RecordsAudit } from './audit/records';
import { auditRooms } from './audit/rooms';
import { auditStuck } from './audit/stuck';
import { Harm } from './harm';
import { MachineMonitor, type MachineFigures } from './machine';
import { Installation, type InstallationNews } from './nodes/installation';
import { mediaPeople, type ChaosOptions } from './options';
import { Tally, type ChaosContext } from './people/context';
import { Crowd } from './people/crowd';
import { Pictures } from './people/pictures';
import type { Findings } from './report';

/** Between the last harm and the audit: as long as a place is held, and what its end takes to get about. */
const SETTLE_MS = 18_000;
const PROGRESS_MS = 10_000;
/** How often the nodes' counters of records are read: a node that is killed takes them along. */
const RECORDS_EVERY_MS = 2_000;

export interface ChaosNews extends InstallationNews {
  /** A line for whoever watches. */
  say(words: string): void;
}

/** Starts an installation, fills it with people, does harm, and finds out what came of it. Closes all it has started. */
export async function runChaos(options: ChaosOptions, news: ChaosNews): Promise<Findings> {
  const withMedia = mediaPeople(options);
  const pictures = withMedia > 0 ? await Pictures.open() : undefined;
  const installation = await Installation.start(options, news);
  const tally = new Tally();
  const context: ChaosContext = {
    pick: (random) => {
      const serving = installation.serving();
      return serving[Math.floor(random() * serving.length)];
    },
    redisIsUp: () => installation.redisIsUp,
    redisLastAway: () => (installation.redisIsUp ? installation.redisBackAt : Date.now()),
    pictures,
    tally,
  };
  const crowd = new Crowd(context, { ...options, withMedia });
  try {
    return await play({ options, news, installation, crowd, tally });
  } finally {
    crowd.leave();
    pictures?.close();
    await installation.close();
  }
}

interface Play {
  readonly options: ChaosOptions;
  readonly news: ChaosNews;
  readonly installation: Installation;
  readonly crowd: Crowd;
  readonly tally: Tally;
}

async function play(scene: Play): Promise<Findings> {
  const { options, news, installation, crowd, tally } = scene;
  const begun = Date.now();
  const say = (words: string): void => news.say(`${clock(begun)} ${words}`);
  const records = new RecordsAudit(installation);
  const { harm, machine } = await doHarm(scene, records, say);
  const neverBack = crowd.people.filter(({ recovery }) => recovery.isRunning).length;
  const rooms = await auditRooms(installation);
  say('everybody makes themselves known');
  const stuck = await auditStuck(crowd.people);
  const calls = crowd.people.flatMap(({ history }) => history.calls());
  const pairings = auditPairings(calls);
  const messages = auditMessages([...tally.messages.values()], calls);
  if (options.evidence) for (const line of traceOf(crowd, worstOf(pairings))) news.say(line);
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
    faults: installation.faults,
    machine,
  };
}

/** People come and act, harm is done to them, and they settle again. */
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
      for (const person of crowd.people) if (person.node === node) person.nodeKilled(at);
    },
    did: say,
  });
  crowd.begin();
  monitor.start();
  const timers = [
    setInterval(() => say(situation(scene)), PROGRESS_MS),
    // What cannot be read is read again soon; only the reading at the end has to succeed, and throws if it does not.
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

function situation({ crowd: { people }, tally }: Play): string {
  const count = (wanted: string): number => people.filter(({ state }) => state.state === wanted).length;
  const connected = people.filter(({ node }) => node !== undefined).length;
  return (
    `${connected} connected, ${count('searching')} searching, ${count('in_call')} in calls; ` +
    `${tally.messages.size} messages, ${tally.resumes} resumed`
  );
}

/** What must not be, or else what came nearest to it. */
function worstOf({ doubles, lateEnds }: PairingAudit): string[] {
  if (doubles.length > 0) return [...doubles];
  const latest = [...lateEnds].sort((one, other) => other.ms - one.ms).slice(0, 1);
  return latest.map(({ words }) => words);
}

/** What was heard by the people whom these double matches name. */
function traceOf({ people }: Crowd, doubles: readonly string[]): string[] {
  const named = people.filter(({ id }) => doubles.some((words) => words.includes(id)));
  return [...doubles, ...named.flatMap((person) => [person.describe(), ...person.trace.lines])];
}

function clock(begun: number): string {
  const seconds = Math.floor((Date.now() - begun) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
