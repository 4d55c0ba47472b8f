import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosClient } from '../people/chaos-client';

/** Within this time every client has to show its state. */
const WITHIN_MS = 10_000;
/** A client that was put into a call shortly before may take this long to talk in it. */
const TALK_MS = 5_000;
/** A waiting client gets an event every few seconds. */
const FRESH_MS = 6_000;
const SAY_AGAIN_MS = 2_500;
const LOOK_MS = 50;

export interface StuckAudit {
  readonly talking: number;
  readonly waiting: number;
  /** Clients that can do neither, with the last messages that they got. */
  readonly stuck: readonly string[];
}

type Outcome = 'talks' | 'waits' | 'nothing';

/**
 * Every client shows its state: an idle one searches, one in a call gets a message through, a searching one is matched or
 * is notified that it waits, alone.
 */
export async function auditStuck(clients: readonly ChaosClient[]): Promise<StuckAudit> {
  const outcomes = await Promise.all(clients.map(async (client) => [client, await tryOut(client)] as const));
  const of = (wanted: Outcome): ChaosClient[] =>
    outcomes.filter(([, outcome]) => outcome === wanted).map(([client]) => client);
  const waiting = of('waits');
  // Two waiting clients of one mode may be matched, so at most one may be left.
  const groups = [true, false].map((media) => waiting.filter(({ lines }) => (lines !== undefined) === media));
  const left = groups.flatMap((group) => group.slice(1));
  return {
    talking: of('talks').length,
    waiting: waiting.length,
    stuck: [
      ...of('nothing').map((client) => evidence(client, 'does not get through')),
      ...left.map((client) => evidence(client, 'is not found, though others wait too')),
    ],
  };
}

async function tryOut(client: ChaosClient): Promise<Outcome> {
  let until = Date.now() + WITHIN_MS;
  let callId: string | undefined;
  const said = new Set<string>();
  let saidAt = 0;
  while (Date.now() < until) {
    const { state } = client;
    if (state.state === 'idle' && client.node !== undefined) client.search();
    if (state.state === 'in_call') {
      if (callId !== state.callId) {
        ({ callId } = state);
        said.clear();
        saidAt = 0;
        until = Math.max(until, Date.now() + TALK_MS);
      }
      if ([...said].some((id) => client.hasDelivered(id)) && hasPicture(client)) return 'talks';
      if (state.isOpen && Date.now() - saidAt >= SAY_AGAIN_MS) {
        saidAt = Date.now();
        const id = client.say();
        if (id !== undefined) said.add(id);
      }
    }
    await sleep(LOOK_MS);
  }
  const { state, node } = client;
  const waits = state.state === 'searching' && Date.now() - state.confirmedAt <= FRESH_MS;
  return waits && node !== undefined ? 'waits' : 'nothing';
}

const hasPicture = ({ lines }: ChaosClient): boolean => lines === undefined || lines.sees(2_000);

function evidence(client: ChaosClient, words: string): string {
  const blind = client.state.state === 'in_call' && !hasPicture(client) ? '; no picture arrives' : '';
  return `${client.describe()}: ${words}${blind}${client.trace.tail()}`;
}
