import { AwayCalls } from '../../../src/app/cluster/calls/away-calls';
import { People } from '../../../src/app/people/people';
import type { Person } from '../../../src/app/people/person';
import { Refusal } from '../../../src/domain/refusal';
import { MemoryBusHub } from '../../../src/memory/bus';
import { wishesSchema, type ServerMessage } from '../../../src/protocol';
import { member } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';
import { guest, somebody } from '../../support/people';

const WISHES = wishesSchema.parse({ mode: 'text' });
const partner = { id: 'eve', name: 'Eve' };

/** Ann is seated at `a`; her call is at home at `b`. */
async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const [a, b] = [await member('a', hub, clock), await member('b', hub, clock)];
  const people = new People(clock, { dropped: 15_000, pageClosed: 4_000 });
  const told: ServerMessage[] = [];
  const outlet = { send: (message: ServerMessage) => told.push(message), close: () => undefined };
  const ann = people.welcome(guest('ann'), somebody('ann').person.allowance, outlet);
  const putBack: Person[] = [];
  const homeless: string[] = [];
  const awayCalls = new AwayCalls({
    ...a,
    people,
    clock,
    media: { onLine: () => undefined, lineOf: () => null } as never,
    meter: { begin: () => undefined, end: () => undefined } as never,
    putBack: (person) => void putBack.push(person),
    homeless: ({ callId }) => void homeless.push(callId),
    fault: (error) => void a.faults.push(error),
  });
  const enter = (callId: string) => {
    ann.session = { state: 'in_call', wishes: WISHES, callId, since: 0, elsewhere: 'b' };
    return awayCalls.enter({ callId, person: ann, partner, wishes: WISHES, since: 0, home: 'b' });
  };
  const tell = (message: ServerMessage, callId: string): void =>
    b.switchboard.tell('a', 'member_tell', { personId: 'ann', callId, message });
  return { clock, hub, a, b, ann, told, putBack, homeless, awayCalls, enter, tell };
}

test('S4 who leaves a call that is lost before its home has answered is not put back into the queue', async () => {
  const { clock, b, ann, told, putBack, awayCalls, enter } = await scene();
  b.switchboard.onAsk('member_leave', () => new Promise(() => undefined));
  const call = enter('call');
  const left = awayCalls.leave(ann, 'left');
  await clock.advance(100);
  awayCalls.lost(call);
  expect([ann.session.state, putBack, told]).toEqual(['idle', [], []]);
  await clock.advance(10_000);
  await left;
  expect(awayCalls.of(ann)).toBeUndefined();
});

test('S4 who leaves while the home of the call dies leaves it at its next home, which holds no place for them', async () => {
  const { clock, hub, b, ann, awayCalls, enter } = await scene();
  const c = await member('c', hub, clock);
  const heard: string[] = [];
  c.switchboard.onAsk('member_leave', async ({ callId }) => {
    heard.push(callId);
    return {};
  });
  const call = enter('call');
  b.bus.isCut = true;
  await b.bus.close();
  const left = awayCalls.leave(ann, 'next');
  await clock.advance(500);
  awayCalls.moved(call, 'c');
  await clock.advance(500);
  await left;
  expect(heard).toEqual(['call']);
});

test('S4 of a call that is over here, only its end is still passed on', async () => {
  const { clock, told, awayCalls, enter, tell } = await scene();
  const call = enter('call');
  const typing: ServerMessage = {
    event: 'partner_state',
    data: { callId: 'call', present: true, microphone: true, camera: true, accepted: true, typing: true },
  };
  tell(typing, 'call');
  await clock.advance(0);
  expect(told).toEqual([typing]);
  awayCalls.lost(call);
  tell(typing, 'call');
  await clock.advance(0);
  expect(told.slice(1).map(({ event }) => event)).toEqual(['partner_disconnected']);
});

test('R3 whoever blocks in a call that is at home elsewhere never meets the other again, whatever the home answers', async () => {
  const { clock, b, ann, awayCalls, enter } = await scene();
  b.switchboard.onAsk('member_act', () => Promise.reject(new Refusal('records_unavailable', 'away', 1_000)));
  enter('call');
  const blocked = awayCalls
    .act(ann, 'call', 'block_user', { callId: 'call' })
    .catch((error: unknown) => error);
  await clock.advance(100);
  expect(await blocked).toMatchObject({ code: 'records_unavailable' });
  expect([...ann.blocked]).toEqual(['eve']);
});

test('S4 a node that has just started knows that a home it has never heard of is gone', async () => {
  const { clock, ann, homeless, awayCalls, enter } = await scene();
  const call = enter('call');
  awayCalls.moved(call, 'died before');
  await awayCalls.back(call);
  await clock.advance(100);
  expect(homeless).toEqual(['call']);
  expect(awayCalls.of(ann)).toBe(call);
});
