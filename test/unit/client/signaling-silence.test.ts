/// <reference lib="dom" />
import {
  answers,
  browser,
  connected,
  framesOf,
  hellos,
  isOpen,
  last,
  links,
  open,
  setUpSignaling,
  sockets,
  until,
  type Frame,
} from './signaling-scene';

setUpSignaling();

describe('S6 a dead socket that nobody has closed', () => {
  const pings = (): number => framesOf('ping').length;
  /** Lets time pass in steps, as timers and messages alternate. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      jest.advanceTimersByTime(Math.min(500, left));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('S6 is noticed within 30 s, though nothing was asked, and the client comes back with its token', async () => {
    await open();
    answers.pings = false;
    const silentSince = Date.now();
    await pass(30_000);
    expect(links.map(({ state }) => state)).toEqual(['connecting', 'open', 'reconnecting', 'open']);
    const outage = links.find(({ state }) => state === 'reconnecting');
    if (outage?.state !== 'reconnecting') throw new Error('there was no outage');
    expect(outage.why).toBe('dropped');
    expect(outage.since - silentSince).toBeLessThanOrEqual(20_500);
    expect(hellos()[1]?.data).toMatchObject({ resumeToken: 'token-one' });
  });

  it('S6 is noticed too when messages still arrive but nothing that is sent gets through', async () => {
    await open();
    answers.pings = false;
    const stats = JSON.stringify({
      event: 'stats',
      data: { total: 1, online: 1, searching: 0, connected: 0 },
    });
    for (let second = 0; second < 30; second += 1) {
      for (const socket of sockets) socket.send(stats);
      await pass(1_000);
    }
    expect(hellos().length).toBeGreaterThan(1);
  });

  it('S6 a server that answers is never given up, however long nothing happens', async () => {
    await open();
    await pass(180_000);
    expect(links.map(({ state }) => state)).toEqual(['connecting', 'open']);
    expect(pings()).toBeGreaterThan(10);
  });

  it('S6 a server that does not know pings answers them all the same', async () => {
    await open();
    answers.pings = false;
    sockets[0]?.on('message', (text: Buffer) => {
      const { event, id } = JSON.parse(String(text)) as Frame;
      const data = { code: 'unknown_event', message: 'there is no such event' };
      if (event === 'ping') sockets[0]?.send(JSON.stringify({ event: 'error', id, data }));
    });
    await pass(60_000);
    expect(hellos()).toHaveLength(1);
  });

  it.each([
    ['the page is shown', () => browser.becomes('visible')],
    ['the page comes out of the cache', () => browser.comesBack()],
    ['the machine says that it has a network', () => browser.goes('online')],
  ])('S6 is noticed within 3.5 s when %s', async (_what, wake) => {
    await open();
    answers.pings = false;
    await pass(2_000);
    wake();
    await pass(3_000);
    expect(links.map(({ state }) => state)).toContain('reconnecting');
    await pass(500);
    await until(() => hellos().length === 2);
  });

  it('S6 a live socket outlasts being shown, hidden and shown again', async () => {
    await open();
    for (let times = 0; times < 20; times += 1) {
      browser.becomes(times % 2 === 0 ? 'hidden' : 'visible');
      browser.goes('online');
      await pass(1_000);
    }
    expect(hellos()).toHaveLength(1);
    expect(pings()).toBeLessThanOrEqual(21);
  });

  it('S6 no retry is waited for when the page is shown while the connection is lost', async () => {
    await open();
    for (let tries = 0; tries < 4; tries += 1) {
      answers.greet = () => null;
      sockets.at(-1)?.terminate();
      await until(() => last()?.state === 'reconnecting');
    }
    answers.greet = () => connected(true);
    browser.becomes('visible');
    await until(isOpen);
  });

  it('S6 timers that a hidden or frozen page gets late make no false alarm', async () => {
    await open();
    for (const sleptMs of [45_000, 60_000, 3_600_000]) {
      await pass(11_900);
      // The page stands still: its clock goes on, the timers fire late, and what has arrived is handled after them.
      jest.setSystemTime(Date.now() + sleptMs);
      jest.advanceTimersByTime(8_000);
      jest.setSystemTime(Date.now() + sleptMs);
      jest.advanceTimersByTime(0);
      await pass(5_000);
    }
    expect(links.map(({ state }) => state)).toEqual(['connecting', 'open']);
  });

  it('S6 a socket that died while the page slept is noticed soon after it wakes', async () => {
    await open();
    answers.pings = false;
    await pass(5_000);
    jest.setSystemTime(Date.now() + 3_600_000);
    // What was left of the timer's time, then one more question.
    await pass(7_000 + 8_000 + 3_500);
    expect(links.map(({ state }) => state)).toContain('reconnecting');
  });

  it('S6 a clock that is set forwards or back makes no false alarm', async () => {
    await open();
    for (const jump of [86_400_000, -172_800_000, 5_000, -5_000]) {
      jest.setSystemTime(Date.now() + jump);
      await pass(40_000);
    }
    expect(hellos()).toHaveLength(1);
  });
});
