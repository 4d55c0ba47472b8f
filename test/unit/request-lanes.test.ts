import { setTimeout as sleep } from 'node:timers/promises';
import { laneOf, RequestLanes } from '../../src/signaling/lanes';

function scene() {
  const lanes = new RequestLanes();
  const order: string[] = [];
  const run = (lane: Parameters<RequestLanes['run']>[0], name: string, until?: Promise<void>) =>
    lanes.run(lane, async () => {
      order.push(`${name} begins`);
      await until;
      order.push(`${name} ends`);
    });
  return { run, order };
}

function held(): { readonly until: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined;
  const until = new Promise<void>((resolve) => (release = resolve));
  return { until, release };
}

test('S1 requests of one lane are handled in order, one after the other', async () => {
  const { run, order } = scene();
  const { until, release } = held();
  const first = run('call', 'first', until);
  const second = run('call', 'second');
  await sleep(0);
  expect(order).toEqual(['first begins']);
  release();
  await Promise.all([first, second]);
  expect(order).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
});

test('S1 R1 no report and no block stands before a leave or a skip, however long it takes', async () => {
  expect(laneOf('report_user')).toBe('independent');
  expect(laneOf('block_user')).toBe('independent');
  const { run, order } = scene();
  const { until, release } = held();
  const report = run('independent', 'report', until);
  await run('call', 'leave');
  expect(order).toEqual(['report begins', 'leave begins', 'leave ends']);
  release();
  await report;
});

test('S1 M2 [M2.2] a block begins before the search that is sent after it, whatever is still being handled', async () => {
  const { run, order } = scene();
  const { until, release } = held();
  const report = run('independent', 'report', until);
  const block = run('independent', 'block', until);
  await run('call', 'search');
  expect(order.indexOf('block begins')).toBeLessThan(order.indexOf('search begins'));
  release();
  await Promise.all([report, block]);
});

test('S1 everything waits for the handshake', async () => {
  const { run, order } = scene();
  const { until, release } = held();
  const handshake = run('handshake', 'handshake', until);
  const others = [run('independent', 'block'), run('call', 'search'), run('chat', 'message')];
  await sleep(0);
  expect(order).toEqual(['handshake begins']);
  release();
  await Promise.all([handshake, ...others]);
  expect(order.slice(0, 4)).toEqual(['handshake begins', 'handshake ends', 'block begins', 'search begins']);
});
