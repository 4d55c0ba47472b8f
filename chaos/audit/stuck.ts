import { setTimeout as sleep } from 'node:timers/promises';
import type { Wanderer } from '../people/wanderer';

/** Within this time everybody has to make themselves known. */
const WITHIN_MS = 10_000;
/** Whoever was put into a call shortly before may take this long to talk in it. */
const TALK_MS = 5_000;
/** Who waits is told so every few seconds. */
const FRESH_MS = 6_000;
const SAY_AGAIN_MS = 2_500;
const LOOK_MS = 50;

export interface StuckAudit {
  readonly talking: number;
  readonly waiting: number;
  /** Whoever can do neither, with what they last heard. */
  readonly stuck: readonly string[];
}

type Outcome = 'talks' | 'waits' | 'nothing';

/**
 * Everybody makes themselves known: who is idle searches, who is in a call gets a message through, who searches is
 * found or is told that they wait, alone.
 */
export async function auditStuck(people: readonly Wanderer[]): Promise<StuckAudit> {
  const outcomes = await Promise.all(people.map(async (person) => [person, await tryOut(person)] as const));
  const of = (wanted: Outcome): Wanderer[] =>
    outcomes.filter(([, outcome]) => outcome === wanted).map(([person]) => person);
  const waiting = of('waits');
  // Two of one mode who wait have nothing between them, so all but one are waiting for nobody.
  const groups = [true, false].map((media) => waiting.filter(({ lines }) => (lines !== undefined) === media));
  const left = groups.flatMap((group) => group.slice(1));
  return {
    talking: of('talks').length,
    waiting: waiting.length,
    stuck: [
      ...of('nothing').map((person) => evidence(person, 'does not get through')),
      ...left.map((person) => evidence(person, 'is not found, though others wait too')),
    ],
  };
}

async function tryOut(person: Wanderer): Promise<Outcome> {
  const begun = Date.now();
  let until = begun + WITHIN_MS;
  let callId: string | undefined;
  const said = new Set<string>();
  let saidAt = 0;
  while (Date.now() < until) {
    if (person.at !== undefined && person.phase === 'idle') person.find();
    if (person.phase === 'call' && callId !== person.itinerary.callId) {
      callId = person.itinerary.callId;
      said.clear();
      saidAt = 0;
      until = Math.max(until, Date.now() + TALK_MS);
    }
    if (person.phase === 'call' && [...said].some((id) => person.arrived.has(id)) && hasPicture(person)) {
      return 'talks';
    }
    if (person.phase === 'call' && person.isOpen && Date.now() - saidAt >= SAY_AGAIN_MS) {
      saidAt = Date.now();
      const id = person.say();
      if (id !== undefined) said.add(id);
    }
    await sleep(LOOK_MS);
  }
  const waits = person.phase === 'searching' && Date.now() - person.waitedAt <= FRESH_MS;
  return waits && person.at !== undefined ? 'waits' : 'nothing';
}

const hasPicture = ({ lines }: Wanderer): boolean => lines === undefined || lines.sees(2_000);

function evidence(person: Wanderer, words: string): string {
  const blind = person.phase === 'call' && !hasPicture(person) ? '; no picture arrives' : '';
  return `${person.describe()}: ${words}${blind}${person.heard.lately()}`;
}
