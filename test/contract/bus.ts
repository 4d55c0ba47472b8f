import fc from 'fast-check';
import type { Bus } from '../../src/app/ports/bus';
import { eventually } from '../support/eventually';

/** What one node has received so far. */
interface Receiver {
  readonly bus: Bus;
  readonly heard: string[];
  restored: number;
}

/** What every bus guarantees. `installation` returns a function that makes the buses of one new installation. */
export function describeBus(name: string, installation: () => (address: string) => Bus): void {
  describe(name, () => {
    const opened: Bus[] = [];
    let busOf: (address: string) => Bus;
    const node = async (address: string, of = busOf): Promise<Receiver> => {
      const bus = of(address);
      opened.push(bus);
      const ear: Receiver = { bus, heard: [], restored: 0 };
      await bus.listen({ text: (text) => void ear.heard.push(text), restored: () => void ear.restored++ });
      return ear;
    };
    /** Resolves once these have received all texts that this node has sent them. */
    const fence = async (from: Receiver, receivers: readonly Receiver[]): Promise<void> => {
      const mark = `fence of ${from.bus.self} ${Math.random()}`;
      await from.bus.sendToAll(mark);
      await eventually(() => receivers.every(({ heard }) => heard.includes(mark)));
      for (const { heard } of receivers) heard.splice(heard.indexOf(mark), 1);
    };
    beforeEach(() => {
      busOf = installation();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((bus) => bus.close()));
    });

    test('V8 a text for a node reaches it and no other node', async () => {
      const [a, b, c] = [await node('a'), await node('b'), await node('c')];
      expect(a.bus.self).toBe('a');
      expect(await a.bus.send('b', 'for b')).toBe(true);
      expect(await a.bus.send('a', 'for myself')).toBe(true);
      expect(await a.bus.send('nobody', 'for nobody')).toBe(false);
      await fence(a, [a, b, c]);
      expect([a.heard, b.heard, c.heard]).toEqual([['for myself'], ['for b'], []]);
    });

    test('V8 a text for all reaches every node, the sender included', async () => {
      const receivers = [await node('a'), await node('b'), await node('c')];
      await receivers[0]?.bus.sendToAll('to all');
      for (const { heard } of receivers) {
        await eventually(() => heard.length > 0);
        expect(heard).toEqual(['to all']);
      }
    });

    test('V8 a node alone has a bus too', async () => {
      const alone = await node('alone');
      await alone.bus.send('alone', '1');
      await alone.bus.sendToAll('2');
      await fence(alone, [alone]);
      expect(alone.heard).toEqual(['1', '2']);
    });

    test('V8 installations do not receive each other’s texts, though their nodes have the same names', async () => {
      const [a, b] = [await node('a'), await node('b')];
      const another = installation();
      const [otherA, otherB] = [await node('a', another), await node('b', another)];
      await a.bus.sendToAll('here');
      await otherA.bus.send('b', 'there');
      await fence(a, [b]);
      await fence(otherA, [otherB]);
      expect([b.heard, otherB.heard]).toEqual([['here'], ['there']]);
    });

    test('V8 a text comes as it was sent, whatever it holds', async () => {
      const [a, b] = [await node('a'), await node('b')];
      const texts = [
        '',
        ' ',
        '1 2 three',
        'line\nline',
        'naïve — 音楽 🐼',
        'x'.repeat(300_000),
        '{"a":"\\u0000"}',
      ];
      await Promise.all(texts.map((text) => a.bus.send('b', text)));
      await fence(a, [b]);
      expect(b.heard).toEqual(texts);
    });

    test('V8 S4 texts of one node arrive in their order, those for all among those for one', async () => {
      const [a, b, c] = [await node('a'), await node('b'), await node('c')];
      const sent = Array.from({ length: 2_000 }, (_, n) => ({ n: String(n), to: ['b', 'all', 'c'][n % 3] }));
      const sending = sent.map(({ n, to }) => (to === 'all' ? a.bus.sendToAll(n) : a.bus.send(to ?? '', n)));
      await Promise.all(sending);
      await fence(a, [b, c]);
      const forOne = (name: string) => sent.filter(({ to }) => to === name || to === 'all').map(({ n }) => n);
      expect(b.heard).toEqual(forOne('b'));
      expect(c.heard).toEqual(forOne('c'));
    });

    test('V8 S4 [V8.1] whatever nodes send at once, every node receives all texts of each in order', async () => {
      const names = ['a', 'b', 'c'];
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              from: fc.constantFrom(...names),
              to: fc.constantFrom(...names, null),
              waits: fc.boolean(),
            }),
            { minLength: 1, maxLength: 60 },
          ),
          async (sendings) => {
            const of = installation();
            const receivers = new Map<string, Receiver>();
            for (const name of names) receivers.set(name, await node(name, of));
            const expected = new Map<string, string[]>();
            const sent: Promise<unknown>[] = [];
            for (const [n, { from, to, waits }] of sendings.entries()) {
              const text = `${from}${n}`;
              for (const by of to === null ? names : [to]) {
                const line = `${from}>${by}`;
                expected.set(line, [...(expected.get(line) ?? []), text]);
              }
              const bus = receivers.get(from)?.bus;
              if (bus !== undefined) sent.push(to === null ? bus.sendToAll(text) : bus.send(to, text));
              if (waits) await sent.at(-1);
            }
            await Promise.all(sent);
            for (const ear of receivers.values()) await fence(ear, [...receivers.values()]);
            for (const [line, texts] of expected) {
              const [from = '', by = ''] = line.split('>');
              expect(receivers.get(by)?.heard.filter((text) => text.startsWith(from))).toEqual(texts);
            }
            await Promise.all([...receivers.values()].map(({ bus }) => bus.close()));
          },
        ),
        { numRuns: 15 },
      );
    });

    test('V8 a text is not received before its sender goes on', async () => {
      const a = await node('a');
      const sending = a.bus.send('a', 'later');
      expect(a.heard).toEqual([]);
      await sending;
      await eventually(() => a.heard.length === 1);
    });

    test('V8 a text for an unknown node, or for one that has gone, is no error', async () => {
      const [a, b] = [await node('a'), await node('b')];
      await b.bus.close();
      await a.bus.send('b', 'too late');
      await a.bus.send('nobody', 'hello?');
      await fence(a, [a]);
      expect([a.heard, b.heard]).toEqual([[], []]);
    });

    test('V8 a node that listens can be reached from that moment', async () => {
      const a = await node('a');
      for (let n = 0; n < 10; n++) {
        const late = await node(`late${n}`);
        await a.bus.send(`late${n}`, 'welcome');
        await fence(a, [late]);
        expect(late.heard).toEqual(['welcome']);
      }
    });

    test('V8 a closed bus receives nothing and rejects what is sent, and the others go on', async () => {
      const [a, b] = [await node('a'), await node('b')];
      const onTheWay = a.bus.sendToAll('on the way');
      await a.bus.close();
      await a.bus.close();
      await onTheWay;
      await expect(a.bus.send('b', 'x')).rejects.toThrow('closed');
      await expect(a.bus.sendToAll('x')).rejects.toThrow('closed');
      await expect(a.bus.listen({ text: () => undefined, restored: () => undefined })).rejects.toThrow();
      await b.bus.sendToAll('after');
      await fence(b, [b]);
      expect(a.heard).toEqual([]);
      expect(b.heard).toEqual(['on the way', 'after']);
    });

    test('V8 a bus has one listener, which gets `restored` only after a connection was broken', async () => {
      const a = await node('a');
      await expect(a.bus.listen({ text: () => undefined, restored: () => undefined })).rejects.toThrow();
      await fence(a, [a]);
      expect(a.restored).toBe(0);
    });
  });
}
