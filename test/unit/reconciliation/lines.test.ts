import { LineReconciliation } from '../../../src/app/reconciliation/lines';
import type { HostedLine } from '../../../src/app/lines/media-node';
import { MemoryBusHub } from '../../../src/memory/bus';
import { clusterNode } from '../../support/cluster';
import { ManualClock } from '../../support/manual-clock';

const line = (lineId: string, gateway: string): HostedLine => ({
  peerId: `of ${lineId}`,
  lineId,
  gateway,
});

async function scene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const [a, b] = [await clusterNode('a', hub, clock), await clusterNode('b', hub, clock)];
  const hosted: HostedLine[] = [];
  const known = new Set<string>();
  const closeLine = ({ lineId }: { lineId: string }): void =>
    void hosted.splice(
      hosted.findIndex((one) => one.lineId === lineId),
      1,
    );
  const lines = { knows: (_: string, lineId: string) => known.has(lineId) };
  const [media, none] = [
    { hostedLines: () => hosted, closeLine },
    { hostedLines: () => [], closeLine },
  ];
  new LineReconciliation({ ...a, clock, media, lines, reportError: (error) => void a.errors.push(error) });
  new LineReconciliation({
    ...{ ...b, clock, media: none, lines },
    reportError: (error) => void b.errors.push(error),
  });
  return { clock, b, hosted, known };
}

test('V9 a line that its gateway node does not know is closed, but only after two requests', async () => {
  const { clock, hosted, known } = await scene();
  hosted.push(line('kept', 'b'), line('nobodys', 'b'), line('own', 'a'));
  for (const lineId of ['kept', 'own']) known.add(lineId);
  await clock.advance(6_000);
  expect(hosted).toHaveLength(3);
  await clock.advance(5_000);
  expect(hosted.map(({ lineId }) => lineId)).toEqual(['kept', 'own']);
});

test('V9 a line that is known again meanwhile is counted from the beginning', async () => {
  const { clock, hosted, known } = await scene();
  hosted.push(line('late', 'b'));
  await clock.advance(6_000);
  known.add('late');
  await clock.advance(5_000);
  known.clear();
  await clock.advance(5_000);
  expect(hosted).toHaveLength(1);
});

test('V9 a peer whose gateway node is gone keeps its line for the grace period', async () => {
  const { clock, b, hosted } = await scene();
  hosted.push(line('orphan', 'b'));
  await b.membership.close();
  b.bus.isCut = true;
  await clock.advance(20_000);
  expect(hosted).toHaveLength(1);
  await clock.advance(10_000);
  expect(hosted).toEqual([]);
});

test('V9 a line whose peer moved to another gateway node that never reports it is closed', async () => {
  const { clock, hosted } = await scene();
  hosted.push(line('given', 'a'));
  await clock.advance(20_000);
  expect(hosted).toHaveLength(1);
  await clock.advance(10_000);
  expect(hosted).toEqual([]);
});

test('V9 a node that was only paused keeps the lines of its peers', async () => {
  const { clock, b, hosted, known } = await scene();
  hosted.push(line('kept', 'b'));
  known.add('kept');
  b.bus.isCut = true;
  await clock.advance(12_000);
  b.bus.isCut = false;
  await clock.advance(60_000);
  expect(hosted).toHaveLength(1);
});
