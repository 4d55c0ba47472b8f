import { CLOSE } from '../../../src/protocol';
import { ProtocolClient } from '../../support/client';
import { Installation } from '../../support/nodes';
import { eventually } from '../../support/eventually';
import { describeWithRedis } from '../../support/redis';

describeWithRedis('bans on several nodes', () => {
  let nodes: Installation;
  beforeAll(async () => {
    nodes = await Installation.start(2);
  }, 60_000);
  afterAll(() => nodes.close());

  test('R6 [R6.1] a ban on one node holds on the others at once, ends a call over both, and so does its lifting', async () => {
    const [here, there] = [nodes.node(0), nodes.node(1)];
    const bad = await ProtocolClient.connect(there.wsUrl);
    const partner = await ProtocolClient.connect(here.wsUrl);
    await bad.search();
    await partner.search();
    await partner.next('partner_found');
    await bad.next('partner_found');
    const order = { target: { userId: bad.id }, reason: 'spam' as const, note: '', hours: 1 };
    const visit = { addressHashes: { address: 'a', subnet: 's' }, userAgent: '', languages: '' };
    const ban = await here.parts.banDesk.impose(order, visit);
    expect(await bad.next('banned')).toMatchObject({ kind: 'ban', reason: 'spam' });
    expect(await bad.untilClosed()).toMatchObject({ code: CLOSE.banned.code });
    expect(await partner.next('partner_disconnected')).toMatchObject({ reason: 'left' });
    // The device that the user had there is banned everywhere, too.
    await eventually(() => here.parts.bans.about({ users: [bad.id] })[0]?.subjects.length === 2);
    for (const { wsUrl } of [here, there]) {
      const again = await ProtocolClient.open(wsUrl, { cookie: bad.cookie ?? '' });
      again.sendFrame(JSON.stringify({ event: 'hello', data: { protocol: 2 } }));
      await again.next('banned');
      await again.untilClosed();
    }
    await here.parts.banDesk.lift(ban.id, visit);
    await eventually(() => there.parts.bans.size === 0);
    const back = await ProtocolClient.connect(there.wsUrl, undefined, { cookie: bad.cookie ?? '' });
    expect(back.id).toBe(bad.id);
    back.close();
    partner.close();
  }, 30_000);
});
