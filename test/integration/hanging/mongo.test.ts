import { CLOSE, LIMITS } from '../../../src/protocol';
import { ApiBrowser, PASSWORD, person } from '../../support/api-browser';
import { ProtocolClient } from '../../support/client';
import { LogLines, healthOf, shows, soon } from '../../support/hanging';
import { TestDatabase, describeWithMongo } from '../../support/mongo';
import { startNode, type TestNode } from '../../support/node';
import { mailsIn, signUp } from '../../support/sign-up';
import { StallingProxy } from '../../support/stalling-proxy';
import { eventually } from '../../support/eventually';

/** The database accepts requests and new connections, and answers nothing: a stopped process, or a dead network. */
describeWithMongo('a database that hangs', () => {
  const database = new TestDatabase();
  const logged = new LogLines();
  let proxy: StallingProxy;
  let node: TestNode;
  const clients: ProtocolClient[] = [];

  beforeAll(async () => {
    const uri = new URL(database.uri);
    proxy = await StallingProxy.to(Number(uri.port), uri.hostname);
    uri.hostname = '127.0.0.1';
    uri.port = String(proxy.port);
    uri.searchParams.set('directConnection', 'true');
    node = await startNode({ MONGODB_URI: uri.href }, undefined, logged.log);
    await eventually(async () => (await healthOf(node)).status === 'ok');
  }, 60_000);
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    proxy.hang(false);
    await shows(node, 'store', false, 20_000);
    expect(await node.parts.records.outbox.drained(20_000)).toBe(true);
  }, 60_000);
  afterAll(async () => {
    await node.close();
    await proxy.close();
    await database.drop();
  });

  async function visit(cookie?: string): Promise<ProtocolClient> {
    const headers: Record<string, string> = cookie === undefined ? {} : { cookie };
    const client = await ProtocolClient.connect(node.wsUrl, undefined, headers);
    clients.push(client);
    return client;
  }

  async function meet(one: ProtocolClient, other: ProtocolClient): Promise<string> {
    await one.search();
    await other.search();
    const [{ callId }] = await Promise.all([one.next('partner_found'), other.next('partner_found')]);
    return callId;
  }

  test('O5 A1 guests are let in at once, those with a session of before as themselves', async () => {
    const anna = await visit();
    const { cookie, id } = anna;
    anna.close();
    await anna.untilClosed();
    proxy.hang(true);
    await soon(visit());
    expect((await soon(visit(cookie))).id).toBe(id);
    await shows(node, 'store', true);
    await soon(visit());
  }, 30_000);

  test('O5 A2 an account that was here lately comes in at once; one whose log-in cannot be looked up is told so, and is no guest', async () => {
    const anna = new ApiBrowser(node.url);
    const { me } = await signUp(anna, mailsIn(node.dataDir), person('hang@example.org'));
    const later = new ApiBrowser(node.url);
    await later.ask('logIn', { body: { email: 'hang@example.org', password: PASSWORD } });
    await later.ask('me');
    proxy.hang(true);
    expect((await soon(visit(later.cookie))).id).toBe(me.id);
    // What is known of log-ins is forgotten, as after a restart.
    node.parts.accounts.eventsOfAllNodes.loggedOut(me.id, 'all');
    const client = await ProtocolClient.open(node.wsUrl, { cookie: later.cookie });
    clients.push(client);
    client.send('hello', { protocol: LIMITS.protocolVersion });
    expect(await soon(client.next('error'))).toMatchObject({
      code: 'records_unavailable',
      retryAfterMs: expect.any(Number),
    });
    // The client does not wait in vain: it comes again.
    expect(await soon(client.untilClosed())).toMatchObject({ code: CLOSE.helloTimeout.code });
  }, 30_000);

  test('O5 R1 leaving and the next search wait for no report, which is accepted or rejected with a code', async () => {
    const [anna, ben, cleo] = [await visit(), await visit(), await visit()];
    const callId = await meet(anna, ben);
    proxy.hang(true);
    let isReported = false;
    const report = anna.request('report_user', { callId, type: 'spam' }).finally(() => (isReported = true));
    await soon(anna.request('next_partner', { callId }));
    await soon(cleo.search());
    const next = await soon(anna.next('partner_found'));
    await soon(anna.request('leave_room', { callId: next.callId }));
    expect(isReported).toBe(false);
    expect((await report).reportId).toMatch(/^[0-9a-f-]{36}$/);
  }, 30_000);

  test('O5 A3 [M2.2] a block is answered at once, holds in new windows, and is written when the database is back', async () => {
    const [anna, ben] = [await visit(), await visit()];
    const callId = await meet(anna, ben);
    proxy.hang(true);
    await soon(anna.request('block_user', { callId }));
    const annaTwo = await soon(visit(anna.cookie));
    expect([...(node.parts.peers.get(annaTwo.id)?.blocked ?? [])]).toEqual([ben.id]);
    annaTwo.close();
    anna.close();
    await anna.untilClosed();
    // Nothing but what was made lately knows the block now.
    await eventually(() => node.parts.peers.get(anna.id) === undefined);
    const again = await soon(visit(anna.cookie));
    expect([...(node.parts.peers.get(again.id)?.blocked ?? [])]).toEqual([ben.id]);
    proxy.hang(false);
    await shows(node, 'store', false, 20_000);
    expect(await node.parts.records.outbox.drained(20_000)).toBe(true);
    const browser = new ApiBrowser(node.url);
    browser.take([anna.cookie ?? '']);
    expect((await browser.ask('blocks')).blocks.map(({ userId }) => userId)).toEqual([ben.id]);
    await browser.ask('unblock', { at: { userId: ben.id } });
    expect((await browser.ask('blocks')).blocks).toEqual([]);
  }, 60_000);

  test('O1 health names the store within seconds; one line says so, and one that it is over', async () => {
    const before = { away: logged.count(/MongoDB does not answer/), back: logged.count(/MongoDB answers/) };
    proxy.hang(true);
    expect((await shows(node, 'store', true)).status).toBe('degraded');
    expect(logged.count(/MongoDB does not answer/)).toBe(before.away + 1);
    // What asks now is told at once.
    const browser = new ApiBrowser(node.url);
    expect(
      await soon(browser.codeOf('logIn', { body: { email: 'a@example.org', password: PASSWORD } })),
    ).toBe('records_unavailable');
    proxy.hang(false);
    await shows(node, 'store', false, 20_000);
    expect(logged.count(/MongoDB does not answer/)).toBe(before.away + 1);
    expect(logged.count(/MongoDB answers/)).toBe(before.back + 1);
  }, 60_000);
});
