import { MailError } from '../../../src/mail/mail-transport';
import { MailWatch } from '../../../src/mail/mail-watch';
import { ManualClock, settle } from '../../support/manual-clock';

function scene() {
  const clock = new ManualClock();
  const said: string[] = [];
  const looks: { end: () => void; fail: (error: Error) => void }[] = [];
  const watch = new MailWatch({
    clock,
    look: () => new Promise<void>((end, fail) => void looks.push({ end, fail })),
    log: { error: (_, message) => said.push(message), info: (message) => said.push(message) },
  });
  /** The look after the start, which a server that is well answers. */
  const start = async (): Promise<void> => {
    await clock.advance(500);
    looks[0]?.end();
    await clock.advance(10_000);
  };
  return { clock, said, looks, watch, start };
}
const away = new MailError('ECONNECTION', true, true);

test('O1 a server that hangs is down within 3 s of a mail, told once', async () => {
  const { clock, said, looks, watch, start } = scene();
  await start();
  void watch.attempt(() => new Promise(() => undefined));
  await clock.advance(3_000);
  expect(watch.isDown).toBe(true);
  await clock.advance(60_000);
  expect(said).toHaveLength(1);
  looks.at(-1)?.end();
  await settle();
  expect(watch.isDown).toBe(false);
  expect(said).toHaveLength(2);
  watch.close();
  expect(clock.pending).toBe(0);
});

test('O1 a server that takes long for one mail and answers others is not down', async () => {
  const { clock, looks, watch, start } = scene();
  await start();
  void watch.attempt(() => new Promise(() => undefined));
  for (let second = 0; second < 30; second++) {
    await clock.advance(1_000);
    looks.at(-1)?.end();
    await settle();
  }
  expect(watch.isDown).toBe(false);
  watch.close();
});

test('O1 a server that rejects one mail is there; one that cannot be reached, or rejects the log-in, is not', async () => {
  const { said, watch } = scene();
  const attempt = (error: Error): Promise<void> =>
    watch.attempt(() => Promise.reject(error)).catch(() => undefined);
  await attempt(new MailError('EENVELOPE 550', false));
  expect(watch.isDown).toBe(false);
  await attempt(away);
  await attempt(away);
  expect(watch.isDown).toBe(true);
  await attempt(new MailError('EENVELOPE 451', true));
  expect(watch.isDown).toBe(false);
  await watch.attempt(() => Promise.resolve());
  expect(said).toHaveLength(2);
  watch.close();
});

test('O1 a server that nobody needs is looked at each minute, and more often while it is away', async () => {
  const { clock, looks, watch, start } = scene();
  await start();
  await clock.advance(45_000);
  expect(looks).toHaveLength(1);
  await clock.advance(10_000);
  expect(looks).toHaveLength(2);
  looks[1]?.fail(away);
  await clock.advance(6_000);
  expect(looks).toHaveLength(3);
  watch.close();
});
