import { ServerDoubt } from '../../../client/src/chat/engine/server-doubt';

/** A server that answers pings, or does not. */
function scene() {
  const said: boolean[] = [];
  const server = { isOpen: true, answers: true, pings: 0 };
  const doubt = new ServerDoubt(
    () => server.isOpen,
    () => {
      server.pings += 1;
      if (server.answers) doubt.heard();
      return Promise.resolve();
    },
    (isInDoubt) => said.push(isInDoubt),
  );
  return { doubt, server, said };
}

describe('a silent server in a call', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  test('M7 [M7.4] is doubted within two seconds, and no longer once it speaks', () => {
    const { doubt, server, said } = scene();
    doubt.follow(true);
    jest.advanceTimersByTime(10_000);
    expect(said).toEqual([]);
    server.answers = false;
    doubt.heard();
    jest.advanceTimersByTime(1_500);
    expect(said).toEqual([]);
    jest.advanceTimersByTime(500);
    expect(said).toEqual([true]);
    doubt.heard();
    expect(said).toEqual([true, false]);
  });

  test('M7 a server that speaks by itself is not asked', () => {
    const { doubt, server } = scene();
    doubt.follow(true);
    for (let at = 0; at < 20; at += 1) {
      jest.advanceTimersByTime(500);
      doubt.heard();
    }
    expect(server.pings).toBe(0);
  });

  test('M7 outside of calls, and without a connection, nothing is doubted or asked', () => {
    const { doubt, server, said } = scene();
    server.answers = false;
    jest.advanceTimersByTime(5_000);
    doubt.follow(true);
    server.isOpen = false;
    jest.advanceTimersByTime(5_000);
    expect([server.pings, said]).toEqual([0, []]);
    server.isOpen = true;
    jest.advanceTimersByTime(5_000);
    doubt.follow(false);
    expect(said).toEqual([true, false]);
  });

  test('M7 a page that slept asks before it doubts', () => {
    const { doubt, server, said } = scene();
    doubt.follow(true);
    const now = performance.now.bind(performance);
    const slept = jest.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
    jest.advanceTimersByTime(1_000);
    expect(server.pings).toBeGreaterThan(0);
    expect(said).toEqual([]);
    slept.mockRestore();
  });
});
