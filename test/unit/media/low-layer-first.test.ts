import { EventEmitter } from 'node:events';
import { LowLayerFirst } from '../../../src/media/bridges/low-layer-first';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function scene() {
  const events = new EventEmitter();
  const raised: number[] = [];
  const consumer = Object.assign(events, {
    kind: 'video' as const,
    closed: false,
    setPreferredLayers: ({ spatialLayer }: { spatialLayer: number }) => {
      raised.push(spatialLayer);
      return Promise.resolve();
    },
  }) as unknown as Parameters<LowLayerFirst['follow']>[0];
  const layers = new LowLayerFirst();
  const arrive = (): void => void events.emit('layerschange', { spatialLayer: 0 });
  return { layers, consumer, raised, arrive };
}

test('V1 in an open call the high layer is allowed a second after the low one has arrived', async () => {
  const { layers, consumer, raised, arrive } = scene();
  layers.follow(consumer, true);
  await jest.advanceTimersByTimeAsync(5_000);
  arrive();
  await jest.advanceTimersByTimeAsync(999);
  expect(raised).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(raised).toEqual([1]);
});

test('C2 [C2.2] before both have accepted no more than the low layer is forwarded, and after that the high one at once', async () => {
  const { layers, consumer, raised, arrive } = scene();
  layers.follow(consumer, false);
  arrive();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(raised).toEqual([]);
  layers.follow(consumer, true);
  layers.follow(consumer, true);
  expect(raised).toEqual([1]);
});

test('C2 both accept before the low layer has arrived: it still comes first', async () => {
  const { layers, consumer, raised, arrive } = scene();
  layers.follow(consumer, false);
  layers.follow(consumer, true);
  arrive();
  expect(raised).toEqual([]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(raised).toEqual([1]);
});
