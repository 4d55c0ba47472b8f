import { setTimeout as sleep } from 'node:timers/promises';
import { auditLeftovers } from './audit/leftovers';
import { auditPairings, type PairingAudit } from './audit/pairings';
import { auditRooms } from './audit/rooms';
import { auditStuck } from './audit/stuck';
import { Harm } from './harm';
import { Installation, type InstallationNews } from './nodes/installation';
import { mediaPeople, type ChaosOptions } from './options';
import { Crowd } from './people/crowd';
import { Pictures } from './people/pictures';
import { Tally, type World } from './people/world';
import type { Findings } from './report';

/** Between the last harm and the audit: as long as a place is held, and what its end takes to get about. */
const SETTLE_MS = 18_000;
const PROGRESS_MS = 10_000;

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
  const world: World = {
    pick: (random) => {
      const serving = installation.serving();
      return serving[Math.floor(random() * serving.length)];
    },
    redisIsUp: () => installation.redisIsUp,
    pictures,
    tally,
  };
  const crowd = new Crowd(world, { ...options, withMedia });
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
  const harm = new Harm(installation, options, {
    struck: (node) => {
      const at = Date.now();
      for (const person of crowd.people) if (person.at === node) person.strike(at);
    },
    did: (words) => news.say(`${clock(begun)} ${words}`),
  });
  crowd.begin();
  const progress = setInterval(() => news.say(`${clock(begun)} ${situation(scene)}`), PROGRESS_MS);
  try {
    await sleep(Math.min(3_000, options.seconds * 200));
    harm.begin();
    await sleep(options.seconds * 1000);
    await harm.stop();
    news.say(`${clock(begun)} no more harm; everybody settles`);
    crowd.calmDown();
    await sleep(SETTLE_MS);
  } finally {
    clearInterval(progress);
  }
  const stranded = crowd.people.filter(({ wayBack }) => wayBack.isOn).length;
  const rooms = await auditRooms(installation);
  news.say(`${clock(begun)} everybody makes themselves known`);
  const stuck = await auditStuck(crowd.people);
  const pairings = auditPairings(crowd.people.flatMap(({ itinerary }) => itinerary.stays()));
  if (options.evidence) for (const line of heardOf(crowd, worstOf(pairings))) news.say(line);
  news.say(`${clock(begun)} everybody leaves`);
  crowd.leave();
  const leftovers = await auditLeftovers(installation);
  const exitCodes = await installation.stop();
  const { faults } = installation;
  return {
    options,
    tally,
    harm: harm.counts,
    stranded,
    rooms,
    stuck,
    pairings,
    leftovers,
    exitCodes,
    faults,
  };
}

function situation({ crowd: { people }, tally }: Play): string {
  const count = (phase: string): number => people.filter((person) => person.phase === phase).length;
  const connected = people.filter(({ at }) => at !== undefined).length;
  return (
    `${connected} connected, ${count('searching')} searching, ${count('call')} in calls; ` +
    `${tally.messages} messages, ${tally.resumes} resumed`
  );
}

/** What must not be, or else what came nearest to it. */
function worstOf({ doubles, lateEnds }: PairingAudit): string[] {
  if (doubles.length > 0) return [...doubles];
  const latest = [...lateEnds].sort((one, other) => other.ms - one.ms).slice(0, 1);
  return latest.map(({ words }) => words);
}

/** What was heard by the people whom these double matches name. */
function heardOf({ people }: Crowd, doubles: readonly string[]): string[] {
  const named = people.filter(({ id }) => doubles.some((words) => words.includes(id)));
  return [...doubles, ...named.flatMap((person) => [person.describe(), ...person.heard.lines])];
}

function clock(begun: number): string {
  const seconds = Math.floor((Date.now() - begun) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
