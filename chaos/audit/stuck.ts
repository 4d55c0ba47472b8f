import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosClient } from '../people/chaos-client';

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
export async function auditStuck(people: readonly ChaosClient[]): Promise<StuckAudit> {
  const outcomes = await Promise.all(people.map(async (person) => [person, await tryOut(person)] as const));
  const of = (wanted: Outcome): ChaosClient[] =>
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

async function tryOut(person: ChaosClient): Promise<Outcome> {
  let until = Date.now() + WITHIN_MS;
  let callId: string | undefined;
  const said = new Set<string>();
  let saidAt = 0;
  while (Date.now() < until) {
    const { state } = person;
    if (state.state === 'idle' && person.node !== undefined) person.search();
    if (state.state === 'in_call') {
      if (callId !== state.callId) {
        ({ callId } = state);
        said.clear();
        saidAt = 0;
        until = Math.max(until, Date.now() + TALK_MS);
      }
      if ([...said].some((id) => person.hasDelivered(id)) && hasPicture(person)) return 'talks';
      if (state.isOpen && Date.now() - saidAt >= SAY_AGAIN_MS) {
        saidAt = Date.now();
        const id = person.say();
        if (id !== undefined) said.add(id);
      }
    }
    await sleep(LOOK_MS);
  }
  const { state, node } = person;
  const waits = state.state === 'searching' && Date.now() - state.confirmedAt <= FRESH_MS;
  return waits && node !== undefined ? 'waits' : 'nothing';
}

const hasPicture = ({ lines }: ChaosClient): boolean => lines === undefined || lines.sees(2_000);

function evidence(person: ChaosClient, words: string): string {
  const blind = person.state.state === 'in_call' && !hasPicture(person) ? '; no picture arrives' : '';
  return `${person.describe()}: ${words}${blind}${person.trace.tail()}`;
}
