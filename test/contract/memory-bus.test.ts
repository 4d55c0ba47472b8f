import { MemoryBus, MemoryBusHub } from '../../src/memory/bus';
import { describeBus } from './bus';

describeBus('MemoryBus', () => {
  const hub = new MemoryBusHub();
  return (address) => new MemoryBus(address, hub);
});

test('V8 two nodes of one name cannot be on one bus', async () => {
  const hub = new MemoryBusHub();
  const listener = { text: () => undefined, restored: () => undefined };
  await new MemoryBus('a', hub).listen(listener);
  await expect(new MemoryBus('a', hub).listen(listener)).rejects.toThrow('already');
});

test('V8 a text that is under way when its bus closes is dropped', async () => {
  const bus = new MemoryBus('a');
  const heard: string[] = [];
  await bus.listen({ text: (text) => void heard.push(text), restored: () => undefined });
  const sending = bus.send('a', 'x');
  void bus.close();
  await sending;
  expect(heard).toEqual([]);
});
