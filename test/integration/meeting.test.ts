import { eventually } from '../support/eventually';
import { startNode, type TestNode } from '../support/node';
import { TestPerson, codeOf } from '../support/person';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

const people: TestPerson[] = [];
async function join(resumeToken?: string): Promise<TestPerson> {
  const person = await TestPerson.join(node.wsUrl, resumeToken);
  people.push(person);
  return person;
}
afterEach(async () => {
  for (const person of people) expect(person.violations).toEqual([]);
  for (const person of people.splice(0)) person.leave();
  // Their sockets are closed at once; a busy server takes a moment to hear it.
  await eventually(() => node.parts.calls.size === 0);
  await eventually(async () => (await node.parts.store.shards()).length === 0);
});

async function meet(wishes: Parameters<TestPerson['find']>[0] = {}): Promise<{
  one: TestPerson;
  other: TestPerson;
  callId: string;
}> {
  const [one, other] = [await join(), await join()];
  await Promise.all([one.find(wishes), other.find(wishes)]);
  const [found] = await Promise.all([one.next('partner_found'), other.next('partner_found')]);
  return { one, other, callId: found.callId };
}

test('S1 S3 a person is greeted with all that a line needs', async () => {
  const { greeting } = await join();
  expect(greeting.name).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+\d{4}$/);
  expect(greeting.resumed).toBe(false);
  expect(greeting.routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType)).toEqual(
    expect.arrayContaining(['audio/opus', 'video/VP8']),
  );
});

test('M1 M5 two people who ask at the same time meet each other', async () => {
  const { one, other } = await meet({ interests: ['Film  Photography', 'tea'] });
  const waiting = await one.next('waiting_for_partner');
  expect(waiting.steps[0]).toEqual({ circle: 'interest', afterMs: 0 });
  expect(one.id).not.toBe(other.id);
});

test('M1 what both share is told in one form', async () => {
  const [one, other] = [await join(), await join()];
  await one.find({ interests: ['Film  Photography', 'tea'], languages: ['en', 'de'] });
  await other.find({ interests: ['film photography'], languages: ['de'] });
  const found = await one.next('partner_found');
  expect(found).toMatchObject({
    partner: { id: other.id, name: other.greeting.name },
    shared: { interests: ['film photography'], languages: ['de'] },
    accept: null,
    media: null,
    again: false,
  });
});

test('S8 a message goes sending, sent, delivered, read; sent twice it is shown once', async () => {
  const { one, other, callId } = await meet();
  const reply = await one.ask('chat_message', { callId, id: 'm1', text: 'hello 👋' });
  const message = await other.next('chat_message');
  expect(message).toMatchObject({
    id: 'm1',
    content: 'hello 👋',
    senderId: one.id,
    timestamp: reply.timestamp,
  });
  expect(await one.ask('chat_message', { callId, id: 'm1', text: 'hello 👋' })).toEqual(reply);
  other.tell('message_delivered', { callId, id: 'm1' });
  expect(await one.next('message_status')).toMatchObject({ id: 'm1', status: 'delivered' });
  other.tell('message_read', { callId, id: 'm1' });
  expect(await one.next('message_status')).toMatchObject({ id: 'm1', status: 'read' });
  expect(other.heard.filter(({ event }) => event === 'chat_message')).toEqual([]);
});

test('S8 typing is told and ends with the message', async () => {
  const { one, other, callId } = await meet();
  await one.ask('typing', { callId, typing: true });
  expect(await other.next('partner_state', ({ typing }) => typing)).toMatchObject({ typing: true });
  await one.ask('chat_message', { callId, id: 'm1', text: 'x' });
  expect(await other.next('partner_state', ({ typing }) => !typing)).toMatchObject({ typing: false });
});

test('V4 a mute and a camera switched off are told to the other one', async () => {
  const { one, other, callId } = await meet({ mode: 'audio' });
  await one.ask('media_state', { microphone: false, camera: false });
  expect(await other.next('partner_state', ({ microphone }) => !microphone)).toMatchObject({
    callId,
    microphone: false,
    camera: false,
  });
});

test('M8 next ends the call on both sides and asks again; the same two do not meet at once', async () => {
  const { one, other, callId } = await meet();
  expect(await one.ask('next_partner', { callId })).toEqual({ pauseMs: 0 });
  expect(await other.next('partner_disconnected')).toEqual({ callId, reason: 'next' });
  await other.find();
  const third = await join();
  await third.find();
  const found = await third.next('partner_found');
  expect([one.id, other.id]).toContain(found.partner.id);
});

test('M8 skipping too fast is answered with a pause, never an error', async () => {
  const skipper = await join();
  const pauses: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const someone = await join();
    await someone.find();
    if (round === 0) await skipper.find();
    const { callId } = await skipper.next('partner_found', undefined, 15_000);
    pauses.push((await skipper.ask('next_partner', { callId })).pauseMs);
    someone.leave();
  }
  expect(pauses.slice(0, 6)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(pauses[6]).toBeGreaterThan(1000);
  const paused = await skipper.next('waiting_for_partner', ({ pauseMs }) => pauseMs > 0);
  expect(paused.pauseMs).toBeLessThanOrEqual(5000);
}, 30_000);

test('S1 a late message for an earlier call never hits the next partner', async () => {
  const { one, other, callId } = await meet();
  await one.ask('next_partner', { callId });
  const third = await join();
  await third.find();
  await one.next('partner_found');
  expect(await codeOf(one.ask('chat_message', { callId, id: 'late', text: 'for the last one' }))).toBe(
    'stale_call',
  );
  expect(await codeOf(one.ask('next_partner', { callId }))).toBe('stale_call');
  expect(await codeOf(other.ask('chat_message', { callId, id: 'late', text: 'x' }))).toBe('no_call');
  expect(third.heard.filter(({ event }) => event === 'chat_message')).toEqual([]);
});

test('M2 someone blocked is never met again, in either direction', async () => {
  const { one, other, callId } = await meet();
  await one.ask('block_user', { callId });
  expect(await other.next('partner_disconnected')).toEqual({ callId, reason: 'blocked' });
  await Promise.all([one.find(), other.find()]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(node.parts.calls.size).toBe(0);
  const third = await join();
  await third.find();
  await third.next('partner_found');
});

test('C2 with a blur first, chat opens only when both have said yes', async () => {
  const { one, other, callId } = await meet({ mode: 'audio', blurFirst: true });
  expect(await codeOf(one.ask('chat_message', { callId, id: 'a', text: 'hi' }))).toBe('not_accepted_yet');
  await one.ask('accept_partner', { callId });
  expect(await other.next('partner_state', ({ accepted }) => accepted)).toMatchObject({ accepted: true });
  await other.ask('accept_partner', { callId });
  await Promise.all([one.next('call_open'), other.next('call_open')]);
  await one.ask('chat_message', { callId, id: 'a', text: 'hi' });
  await other.next('chat_message');
});

test('S4 a dropped socket is resumed: same person, same call, missed messages', async () => {
  const { one, other, callId } = await meet();
  other.drop();
  expect(await one.next('partner_reconnecting')).toEqual({ callId, graceMs: 15_000 });
  await one.ask('chat_message', { callId, id: 'missed', text: 'are you there?' });
  const back = await join(other.greeting.resumeToken);
  expect(back.greeting).toMatchObject({ userId: other.id, name: other.greeting.name, resumed: true });
  expect(await back.next('partner_found')).toMatchObject({ callId, again: true });
  expect(await back.next('chat_message')).toMatchObject({ id: 'missed' });
  expect(await one.next('partner_state', ({ present }) => present)).toMatchObject({ present: true });
});

test('S4 someone who comes back after the call has ended is told so', async () => {
  const { one, other, callId } = await meet();
  other.drop();
  await one.next('partner_reconnecting');
  await one.ask('leave_room', { callId });
  const back = await join(other.greeting.resumeToken);
  expect(back.greeting).toMatchObject({ resumed: true, session: { state: 'idle', callId: null } });
});

test('S4 M6 who is away is offered to nobody, and keeps their waiting time', async () => {
  const away = await join();
  await away.find();
  const first = await away.next('waiting_for_partner');
  await new Promise((resolve) => setTimeout(resolve, 120));
  away.drop();
  await new Promise((resolve) => setTimeout(resolve, 30));
  const someone = await join();
  await someone.find();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(someone.heard.some(({ event }) => event === 'partner_found')).toBe(false);
  const back = await join(away.greeting.resumeToken);
  expect((await back.next('waiting_for_partner')).waitedMs).toBeGreaterThan(first.waitedMs + 100);
  expect(await someone.next('partner_found')).toMatchObject({ partner: { id: away.id } });
});

test('S4 the same person in a second window takes the place of the first', async () => {
  const first = await join();
  const second = await join(first.greeting.resumeToken);
  expect(second.id).toBe(first.id);
  expect(await first.untilClosed()).toMatchObject({ code: 4006 });
});

test('S4 somebody who says good-bye is gone at once', async () => {
  const { one, other, callId } = await meet();
  other.leave();
  expect(await one.next('partner_disconnected')).toEqual({ callId, reason: 'lost' });
  expect((await join(other.greeting.resumeToken)).greeting.resumed).toBe(false);
});

test('M6 one ticket a person; cancelling takes it back', async () => {
  const person = await join();
  await person.find();
  expect(await codeOf(person.find())).toBe('not_idle');
  await person.ask('cancel_search', {});
  expect(await codeOf(person.ask('cancel_search', {}))).toBe('not_searching');
  expect(await node.parts.store.shards()).toEqual([]);
});

test('M2 minors are refused where the operator does not admit them; the rules have to be agreed to', async () => {
  const person = await join();
  expect(await codeOf(person.find({ ageBand: '13-17' }))).toBe('too_young');
  expect(await codeOf(person.find({ agreed: false }))).toBe('terms_required');
});

test('S7 counts go out at most once a second however many come', async () => {
  const watcher = await join();
  const crowd = await Promise.all(Array.from({ length: 30 }, () => join()));
  await new Promise((resolve) => setTimeout(resolve, 2200));
  const counts = watcher.heard.filter(({ event }) => event === 'stats');
  expect(counts.length).toBeGreaterThanOrEqual(1);
  expect(counts.length).toBeLessThanOrEqual(3);
  expect(counts.at(-1)?.data).toMatchObject({ online: crowd.length + 1, searching: 0, connected: 0 });
});

test('R1 a report is on disk before it is acknowledged', async () => {
  const { one, other, callId } = await meet();
  const { reportId } = await one.ask('report_user', { callId, type: 'spam', words: 'sells things' });
  const { readFile, readdir } = await import('node:fs/promises');
  const folder = `${node.dataDir}/records`;
  const [file] = (await readdir(folder)).filter((name) => name.startsWith('reports'));
  const lines = (await readFile(`${folder}/${file}`, 'utf8')).trim().split('\n');
  expect(lines.at(-1)).toContain(reportId);
  expect(lines.at(-1)).toContain(one.id);
  expect(lines.at(-1)).toContain(other.id);
  const stranger = await join();
  expect(await codeOf(stranger.ask('report_user', { callId, type: 'spam' }))).toBe('stale_call');
});
