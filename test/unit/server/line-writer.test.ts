import { LineWriter, type WriteBytes } from '../../../src/server/line-writer';

/** A reader that takes what it is told to. */
class Reader {
  taken = '';
  private readonly pending: { bytes: Buffer; done: Parameters<WriteBytes>[1] }[] = [];

  readonly write: WriteBytes = (bytes, done) => void this.pending.push({ bytes, done });

  take(most = Infinity): void {
    const { bytes, done } = this.next();
    const part = bytes.subarray(0, Math.min(bytes.length, most));
    this.taken += String(part);
    done(null, part.length);
  }

  fail(code: string): void {
    this.next().done(Object.assign(new Error(code), { code }), 0);
  }

  get isAsked(): boolean {
    return this.pending.length > 0;
  }

  private next() {
    const next = this.pending.shift();
    if (next === undefined) throw new Error('nothing is written');
    return next;
  }
}

let reader: Reader;
let writer: LineWriter;
beforeEach(() => {
  jest.useFakeTimers();
  reader = new Reader();
  writer = new LineWriter(reader.write, 200);
});
afterEach(() => jest.useRealTimers());

test('O4 lines are written in order, in however many pieces they are taken', async () => {
  writer.write('one\n');
  writer.write('two\n');
  writer.write('three\n');
  const flushed = writer.flushed();
  reader.take(2);
  reader.take();
  reader.take();
  await flushed;
  expect(reader.taken).toBe('one\ntwo\nthree\n');
  expect(reader.isAsked).toBe(false);
});

test('O4 a reader that reads no more makes lines drop and nothing wait; later a line says how many', async () => {
  writer.write('first\n');
  for (let i = 0; i < 50; i += 1) writer.write(`line ${i}\n`);
  const flushed = writer.flushed();
  jest.advanceTimersByTime(500);
  await flushed;
  for (let takes = 0; reader.isAsked && takes < 10; takes += 1) reader.take();
  expect(reader.taken).toMatch(/^first\nline 0\nline 1\n/);
  const kept = reader.taken.split('\n').filter((line) => line.startsWith('line ')).length;
  expect(kept).toBeLessThan(30);
  expect(reader.taken).toContain(`"dropped":${50 - kept}`);
});

test('O4 a pipe that is full for the moment is tried again', () => {
  writer.write('one\n');
  reader.fail('EAGAIN');
  expect(reader.isAsked).toBe(false);
  jest.advanceTimersByTime(50);
  reader.take();
  expect(reader.taken).toBe('one\n');
});

test.each(['EPIPE', 'ENOSPC', 'EIO', 'EBADF'])(
  'O4 %s ends nothing, and what can be written later is',
  (code) => {
    writer.write('lost\n');
    reader.fail(code);
    writer.write('kept\n');
    reader.take();
    reader.take();
    expect(reader.taken).toMatch(/^kept\n\{.*"dropped":1.*\}\n$/);
  },
);
