import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis } from '../../support/redis';
import { Processes } from '../../support/nodes';
import type { NodeProcess } from '../../support/process';
import { ScriptedClient } from '../../support/client';
import { CLOSE } from '../../../src/protocol';

const PAIRS = 12;
/** Events that no client may get while nodes are replaced. */
const TROUBLE = [
  'partner_disconnected',
  'partner_reconnecting',
  'line_lost',
  'notice',
  'forgotten',
  'shut out',
];

describeWithRedis('a rolling restart', () => {
  let nodes: Processes;
  const living: { node: NodeProcess; url: string }[] = [];
  const clients: ScriptedClient[] = [];
  const add = async (): Promise<void> => {
    const node = await nodes.add();
    living.push({ node, url: await node.serving });
  };
  beforeAll(async () => {
    nodes = await Processes.start(0, { LOG_LEVEL: 'error' });
    for (let index = 0; index < 3; index += 1) await add();
    await sleep(1_000);
  });
  afterAll(async () => {
    for (const one of clients) one.leave();
    await nodes.close();
  });

  test('V9 [V9.1] three nodes are replaced one after the other under load: no call is lost, and each ends with 0', async () => {
    let turn = 0;
    const join = async (): Promise<ScriptedClient> => {
      const { url = '' } = living[turn++ % living.length] ?? {};
      const one = await ScriptedClient.connect(url, () => living.map((node) => node.url));
      clients.push(one);
      return one;
    };
    const pairs: [ScriptedClient, ScriptedClient][] = [];
    for (let index = 0; index < PAIRS; index += 1) {
      const [one, other] = [await join(), await join()];
      const mode = index % 2 === 0 ? 'text' : 'video';
      if (mode === 'video') for (const who of [one, other]) await who.line.open();
      for (const who of [one, other]) who.search({ mode });
      for (const who of [one, other]) await who.until(() => who.callId !== undefined);
      expect(one.callId).toBe(other.callId);
      pairs.push([one, other]);
    }
    const before = pairs.map(([one]) => one.callId);
    let talks = true;
    let said = 0;
    const talking = pairs.map(async ([one, other]) => {
      for (let line = 0; talks; line += 1) {
        const [from, to] = line % 2 === 0 ? [one, other] : [other, one];
        const id = `line ${line}`;
        await from.say(id);
        await to.until(() => to.received.has(id));
        said += 1;
        await sleep(300);
      }
    });
    const took: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const old = living.shift();
      if (old === undefined) throw new Error('no node lives');
      const began = Date.now();
      old.node.child.kill('SIGTERM');
      expect(await old.node.ended).toBe(0);
      took.push(Date.now() - began);
      await add();
      await sleep(1_000);
    }
    talks = false;
    await Promise.all(talking);
    process.stdout.write(`\n  ${said} lines said; nodes were empty after ${took.join(', ')} ms\n`);
    expect(pairs.map(([one]) => one.callId)).toEqual(before);
    expect(pairs.map(([, other]) => other.callId)).toEqual(before);
    for (const one of clients) {
      expect(one.events.filter((event) => TROUBLE.includes(event))).toEqual([]);
      expect(one.errors).toEqual([]);
      expect(one.violations).toEqual([]);
      expect(one.closes.filter(({ code }) => code !== CLOSE.moving.code)).toEqual([]);
    }
    expect(clients.some(({ closes }) => closes.length > 0)).toBe(true);
  }, 150_000);
});
