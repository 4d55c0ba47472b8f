import { setTimeout as wait } from 'node:timers/promises';
import { ApiBrowser, PASSWORD, person as newPerson } from '../support/api-browser';
import { mailsIn, signUp } from '../support/sign-up';
import { TestDatabase, describeWithMongo } from '../support/mongo';
import { startNode, type TestNode } from '../support/node';
import { ProtocolClient } from '../support/client';
import { TcpProxy } from '../support/tcp-proxy';

const CALLS = 40;

interface Health {
  readonly status: string;
  readonly records: { readonly store: string; readonly spooled: number; readonly lost: number };
}

describeWithMongo('a node whose records are in MongoDB', () => {
  const database = new TestDatabase();
  let proxy: TcpProxy;
  let node: TestNode;

  beforeAll(async () => {
    const uri = new URL(database.uri);
    proxy = await TcpProxy.to(uri.hostname, Number(uri.port));
    uri.port = String(proxy.port);
    uri.searchParams.set('directConnection', 'true');
    node = await startNode({ MONGODB_URI: uri.href });
    await until('ok');
  }, 60_000);
  afterAll(async () => {
    try {
      await node.close();
    } finally {
      await proxy.close();
      await database.drop();
    }
  });

  const health = async (): Promise<Health> => (await fetch(`${node.url}/videochat/health`)).json();
  const until = async (status: string): Promise<Health> => {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const now = await health();
      if (now.status === status) return now;
      if (Date.now() > deadline) throw new Error(`${JSON.stringify(now)} is not ${status}`);
      await wait(50);
    }
  };

  /** Two peers meet, talk and part; returns the call's id once it is over. */
  async function talk(): Promise<string> {
    const [anna, ben] = [await ProtocolClient.connect(node.wsUrl), await ProtocolClient.connect(node.wsUrl)];
    const mark = `talk ${anna.id}`;
    await Promise.all([
      anna.search({ interests: [mark.slice(-30)] }),
      ben.search({ interests: [mark.slice(-30)] }),
    ]);
    const { callId } = await anna.next('partner_found');
    await ben.next('partner_found');
    await anna.request('chat_message', { callId, id: '1', text: 'said while nobody could write it down' });
    await anna.request('report_user', { callId, type: 'spam' });
    await anna.request('leave_room', { callId });
    anna.close();
    ben.close();
    return callId;
  }

  async function everyCallIsKept(callIds: readonly string[]): Promise<void> {
    const connection = await database.connect();
    try {
      const those = { sessionId: { $in: [...callIds] } };
      const calls = await connection.collection('videosessions').find(those).toArray();
      expect(calls).toHaveLength(CALLS);
      for (const call of calls) {
        expect(call).toMatchObject({ status: 'ended', endReason: 'left', messages: [{ type: 'text' }] });
        expect(call['reports']).toHaveLength(1);
      }
      expect(await connection.collection('reports').countDocuments(those)).toBe(CALLS);
    } finally {
      // Left open where something is missing, it would keep the test's process for ever.
      await connection.close();
    }
  }

  test('A2 accounts are made, logged in and erased', async () => {
    const anna = new ApiBrowser(node.url);
    const { me } = await signUp(anna, mailsIn(node.dataDir), newPerson('mongo@example.org'));
    const again = new ApiBrowser(node.url);
    await again.ask('register', { body: newPerson('MONGO@example.org') });
    expect((await mailsIn(node.dataDir).to('MONGO@example.org')).length).toBe(0);
    expect(
      (await again.ask('logIn', { body: { email: 'mongo@example.org', password: PASSWORD } })).me.id,
    ).toBe(me.id);
    await again.ask('erase', { body: { password: PASSWORD } });
    expect((await anna.ask('me')).me).toBeNull();
  });

  test('A3 the database goes away during calls: they go on, health says so, and every one is there afterwards', async () => {
    const callIds: string[] = [];
    for (let call = 0; call < CALLS; call += 1) {
      if (call === CALLS / 4) proxy.cut();
      callIds.push(await talk());
      if (call === CALLS / 2) {
        const away = await until('degraded');
        expect(away.records).toMatchObject({ store: 'down', lost: 0 });
        expect(away.records.spooled).toBeGreaterThan(0);
      }
      if (call === (CALLS * 3) / 4) proxy.restore();
    }
    await until('ok');
    expect(await node.parts.records.outbox.drained(20_000)).toBe(true);
    await everyCallIsKept(callIds);
    expect((await health()).records.lost).toBe(0);
    // No handshake waits for the database meanwhile: that took two seconds each once.
  }, 20_000);
});
