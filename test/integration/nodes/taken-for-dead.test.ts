import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis } from '../../support/redis';
import { Processes } from '../../support/nodes';
import { ScriptedClient } from '../../support/client';

describeWithRedis('a node that is taken for dead while it lives', () => {
  let nodes: Processes;
  const clients: ScriptedClient[] = [];
  beforeAll(async () => {
    nodes = await Processes.start(2, { LOG_LEVEL: 'error' });
    await sleep(1_000);
  });
  afterEach(async () => {
    for (const one of clients.splice(0)) one.leave();
  });
  afterAll(() => nodes.close());

  test.each([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ])(
    'V9 S8 [S8.1] a call survives while node %i is suspected dead, with every message (the peer on node %i searched first)',
    async (stopped, first) => {
      const urls = await Promise.all(nodes.nodes.map(({ serving }) => serving));
      const [one, other] = await Promise.all(urls.map((url) => ScriptedClient.connect(url, () => urls)));
      if (one === undefined || other === undefined) throw new Error('two nodes, two clients');
      clients.push(one, other);
      // The gateway of the first to search is often, not always, the call's owner node; so both orders are tried.
      for (const who of first === 0 ? [one, other] : [other, one]) {
        who.search();
        await sleep(200);
      }
      for (const who of [one, other]) await who.until(() => who.callId !== undefined);
      const { callId } = one;
      const { child } = nodes.node(stopped);
      child.kill('SIGSTOP');
      await sleep(4_000);
      // The suspended node reads its message before it knows that another node owns the call by now.
      const said = [one.say('said by one meanwhile'), other.say('said by the other meanwhile')];
      child.kill('SIGCONT');
      await sleep(2_000);
      await Promise.all(said);
      await other.until(() => other.received.has('said by one meanwhile'));
      await one.until(() => one.received.has('said by the other meanwhile'));
      await one.say('from one');
      await other.until(() => other.received.has('from one'));
      await other.say('from the other');
      await one.until(() => one.received.has('from the other'));
      expect([one.callId, other.callId]).toEqual([callId, callId]);
      for (const who of [one, other]) {
        expect(who.errors).toEqual([]);
        expect(who.violations).toEqual([]);
        expect(who.events).not.toContain('partner_disconnected');
      }
      await one.request('leave_room', { callId: callId ?? '' });
      await other.until(() => other.events.includes('partner_disconnected'));
    },
    60_000,
  );
});
