import { describeWithRedis } from '../../support/redis';
import { Installation } from '../../support/nodes';
import { TestPerson, codeOf } from '../../support/person';
import { eventually } from '../../support/eventually';

describeWithRedis('people on two nodes', () => {
  let nodes: Installation;
  const people: TestPerson[] = [];
  const join = async (index: number, token?: string, cookie?: string): Promise<TestPerson> => {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    const person = await TestPerson.join(nodes.node(index).wsUrl, token, headers);
    people.push(person);
    return person;
  };
  const pair = async (): Promise<[TestPerson, TestPerson, string]> => {
    const [one, other] = [await join(0), await join(1)];
    await one.find();
    await other.find();
    const { callId } = await one.next('partner_found');
    expect((await other.next('partner_found')).callId).toBe(callId);
    return [one, other, callId];
  };
  beforeAll(async () => {
    nodes = await Installation.start(2);
  });
  afterAll(() => nodes.close());
  afterEach(async () => {
    for (const person of people.splice(0)) {
      expect(person.violations).toEqual([]);
      person.leave();
    }
    await eventually(() => nodes.nodes.every(({ parts }) => parts.calls.size === 0));
    await eventually(() => nodes.nodes.every(({ parts }) => [...parts.peers.all()].length === 0));
    for (const { parts } of nodes.nodes) expect([...parts.remoteCalls.all()]).toEqual([]);
  });

  test('M7 V8 two who are seated on different nodes meet, talk with receipts, and part', async () => {
    const [one, other, callId] = await pair();
    const { timestamp } = await one.ask('chat_message', { callId, id: 'a', text: 'from one' });
    expect(timestamp).toBeGreaterThan(0);
    expect(await other.next('chat_message')).toMatchObject({ content: 'from one', senderId: one.id });
    await other.ask('message_read', { callId, id: 'a' });
    expect(await one.next('message_status')).toMatchObject({ id: 'a', status: 'read' });
    await other.ask('chat_message', { callId, id: 'b', text: 'from the other' });
    expect(await one.next('chat_message')).toMatchObject({ content: 'from the other' });
    await other.ask('leave_room', { callId });
    expect(await one.next('partner_disconnected')).toMatchObject({ callId, reason: 'left' });
    expect(await codeOf(other.ask('chat_message', { callId, id: 'c', text: 'late' }))).toBe('no_call');
  });

  test('M8 next ends the call for both, whichever node is its home, and each meets somebody else', async () => {
    const [one, other, callId] = await pair();
    const third = await join(0);
    await third.find();
    await other.ask('next_partner', { callId });
    expect(await one.next('partner_disconnected')).toMatchObject({ reason: 'next' });
    const again = await other.next('partner_found');
    expect(again.partner.id).toBe(third.id);
    await one.find();
    const fourth = await join(1);
    await fourth.find();
    expect((await one.next('partner_found')).partner.id).toBe(fourth.id);
  });

  test('S4 who comes back to another node goes on with the same call; the other one is told', async () => {
    const [one, other, callId] = await pair();
    let [here, away] = [other, one];
    for (const node of [1, 0, 1]) {
      away.drop();
      await here.next('partner_reconnecting');
      const back = await join(node, away.greeting.resumeToken);
      expect(back.greeting).toMatchObject({ userId: away.id, resumed: true });
      expect(await back.next('partner_found')).toMatchObject({ callId, again: true });
      await here.next('partner_state', ({ present }) => present);
      await here.ask('chat_message', { callId, id: `to ${node}`, text: 'still here?' });
      await back.next('chat_message', ({ id, content }) => id === `to ${node}` && content === 'still here?');
      await back.ask('chat_message', { callId, id: `from ${node}`, text: 'yes' });
      await here.next('chat_message', ({ id, content }) => id === `from ${node}` && content === 'yes');
      [here, away] = [back, here];
    }
  });

  test('S4 who searches and comes back to another node searches on, with the waiting time they had', async () => {
    const one = await join(0);
    await one.find();
    await new Promise((resolve) => setTimeout(resolve, 300));
    one.drop();
    const back = await join(1, one.greeting.resumeToken);
    expect(back.greeting.session).toMatchObject({ state: 'searching' });
    const waiting = await back.next('waiting_for_partner', ({ waitedMs }) => waitedMs > 0);
    expect(waiting.waitedMs).toBeGreaterThanOrEqual(290);
    const other = await join(0);
    await other.find();
    expect((await other.next('partner_found')).partner.id).toBe(one.id);
  });

  test('R1 a report and a block about a call that is at home on the other node', async () => {
    for (const index of [0, 1]) {
      const [one, other, callId] = await pair();
      const reporter = index === 0 ? one : other;
      await reporter.ask('report_user', { callId, type: 'spam', words: 'sells things' });
      await reporter.ask('block_user', { callId });
      const [left] = [one, other].filter((person) => person !== reporter);
      expect(await left?.next('partner_disconnected')).toMatchObject({ reason: 'blocked' });
      await one.find();
      await other.find();
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect([...one.heard, ...other.heard].filter(({ event }) => event === 'partner_found')).toEqual([]);
      await one.ask('cancel_search', {});
      await other.ask('cancel_search', {});
    }
  });

  test('S7 counts are of all nodes', async () => {
    const [one] = await pair();
    const stats = await one.next('stats', ({ online, connected }) => online === 2 && connected === 2);
    expect(stats.total).toBe(2);
  });

  test('A2 a token that is not theirs lets nobody in on another node', async () => {
    const one = await join(0);
    const forged = await join(1, `${'x'.repeat(32)}.${one.id}`);
    expect(forged.greeting).toMatchObject({ resumed: false });
    expect(forged.id).not.toBe(one.id);
    expect(one.closed).toBeUndefined();
  });
});
