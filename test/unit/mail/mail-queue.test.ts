import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MailError, type MailMessage } from '../../../src/mail/mail-transport';
import { FileMailTransport } from '../../../src/mail/file-mail-transport';
import { MailQueue } from '../../../src/mail/mail-queue';
import { SmtpMailTransport } from '../../../src/mail/smtp-mail-transport';
import { ManualClock, settle } from '../../support/manual-clock';

const zoe = { email: 'zoe@example.org', name: 'Zoë "Z"', languages: 'de' };
const letter: MailMessage = {
  to: { name: 'Zoë', address: 'zoe@example.org' },
  subject: 'Grüße',
  text: 'Hallo\n.\nund tschüss\n',
};

function office(outcomes: (MailError | 'sent' | 'hangs')[]) {
  const clock = new ManualClock();
  const carried: MailMessage[] = [];
  const faults: unknown[] = [];
  let tidied = 0;
  let hanging: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const post = new MailQueue({
    clock,
    publicUrl: 'https://passerby.example',
    reportError: (error) => faults.push(error),
    carrier: {
      send: (sealed) => {
        const outcome = outcomes.shift() ?? 'sent';
        if (outcome === 'hangs')
          return new Promise((resolve, reject) => void (hanging = { resolve, reject }));
        if (outcome !== 'sent') return Promise.reject(outcome);
        carried.push(sealed);
        return Promise.resolve();
      },
      tidy: () => Promise.resolve(void tidied++),
      close: () => undefined,
    },
  });
  return { clock, carried, faults, post, tidied: () => tidied, hanging: () => hanging };
}

test('A2 a letter that may go later is tried again, then given up and told without its address', async () => {
  const busy = new MailError('EENVELOPE 451', true);
  const { post, clock, carried, faults } = office([busy, busy]);
  post.send(zoe, { kind: 'password_changed' });
  await settle();
  expect(carried).toHaveLength(0);
  await clock.advance(120_000);
  expect(carried).toMatchObject([
    { to: { address: 'zoe@example.org' }, subject: 'Dein Passwort wurde geändert' },
  ]);
  expect(faults).toEqual([]);

  const refused = office([new MailError('EENVELOPE 550', false)]);
  refused.post.send(zoe, { kind: 'password_changed' });
  await settle();
  await refused.clock.advance(600_000);
  expect(refused.carried).toHaveLength(0);
  expect(String(refused.faults[0])).toBe('NotCarried: a letter could not be sent: EENVELOPE 550');
});

test('A2 an orderly stop tries what waits once more and takes nothing new', async () => {
  const { post, carried, faults } = office([new MailError('ECONNECTION', true)]);
  post.send(zoe, { kind: 'password_changed' });
  await settle();
  await post.close();
  expect(carried).toHaveLength(1);
  post.send(zoe, { kind: 'password_changed' });
  expect(faults).toHaveLength(1);
});

test('A2 a mail server that hangs does not hold up a stop; what it had is given up and told, once', async () => {
  const { post, clock, faults, hanging } = office(['hangs']);
  post.send(zoe, { kind: 'password_changed' });
  await settle();
  let isClosed = false;
  const closed = post.close().then(() => (isClosed = true));
  await clock.advance(1_900);
  expect(isClosed).toBe(false);
  await clock.advance(200);
  await closed;
  expect(String(faults[0])).toBe('NotCarried: a letter could not be sent: the server stops');
  hanging()?.reject(new MailError('ETIMEDOUT', true));
  await settle();
  expect(faults).toHaveLength(1);
  expect(JSON.stringify(faults)).not.toMatch(/zoe/i);
});

test('G2 the carrier takes old letters away when the office opens, with every letter and every hour', async () => {
  const { post, clock, tidied } = office([]);
  expect(tidied()).toBe(1);
  post.send(zoe, { kind: 'password_changed' });
  await settle();
  expect(tidied()).toBe(2);
  await clock.advance(3_600_000);
  expect(tidied()).toBe(3);
  await post.close();
  await clock.advance(7_200_000);
  expect(tidied()).toBe(3);
  expect(clock.pending).toBe(0);
});

test('G2 letters in files are kept for a day; what else lies there is left alone', async () => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'passerby-test-')), 'mail');
  const carrier = new FileMailTransport(folder, { info: () => undefined });
  await carrier.tidy();
  await carrier.send(letter);
  await carrier.send(letter);
  const [old = '', young = ''] = await readdir(folder);
  await writeFile(path.join(folder, 'notes.txt'), 'of the operator');
  const hoursAgo = (hours: number): Date => new Date(Date.now() - hours * 3_600_000);
  for (const [name, hours] of [
    [old, 25],
    [young, 23],
    ['notes.txt', 99],
  ] as const) {
    await utimes(path.join(folder, name), hoursAgo(hours), hoursAgo(hours));
  }
  await carrier.tidy();
  expect((await readdir(folder)).sort()).toEqual([young, 'notes.txt'].sort());
  await rm(path.dirname(folder), { recursive: true });
});

test('A2 without a mail server letters are files for their owner alone; the log names the file only', async () => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'passerby-test-')), 'mail');
  const logged: unknown[] = [];
  const log = { info: (...line: unknown[]) => void logged.push(line) };
  await new FileMailTransport(folder, log).send(letter);
  const [name = ''] = await readdir(folder);
  expect(await readFile(path.join(folder, name), 'utf8')).toBe(
    'To: Zoë <zoe@example.org>\nSubject: Grüße\n\nHallo\n.\nund tschüss\n',
  );
  expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(logged)).not.toContain('zoe');
  await rm(path.dirname(folder), { recursive: true });
});

/** A mail server that says yes to everything but recipients it does not know. */
async function smtpServer() {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let inLetter = false;
    let text = '';
    socket.write('220 ready\r\n');
    socket.on('data', (chunk) => {
      text += String(chunk);
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        received.push(line);
        if (inLetter) {
          inLetter = line !== '.';
          if (!inLetter) socket.write('250 taken\r\n');
        } else if (/^DATA/i.test(line)) {
          inLetter = true;
          socket.write('354 go on\r\n');
        } else if (/^RCPT.*nobody/i.test(line)) socket.write('550 <nobody@example.org> is unknown here\r\n');
        else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 ok\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `smtp://127.0.0.1:${port}`, received, close };
}

test('A2 letters go by SMTP; a refusal is told as a code, without the address', async () => {
  const server = await smtpServer();
  const carrier = new SmtpMailTransport({ url: server.url, from: 'Passerby <no-reply@passerby.example>' });
  await carrier.send(letter);
  const text = server.received.join('\n');
  expect(text).toContain('MAIL FROM:<no-reply@passerby.example>');
  expect(text).toContain('RCPT TO:<zoe@example.org>');
  expect(text).toContain('Auto-Submitted: auto-generated');
  const unknown = { ...letter, to: { name: 'Nobody', address: 'nobody@example.org' } };
  const refused = await carrier.send(unknown).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'EENVELOPE 550', mayWorkLater: false });
  expect(String(refused)).not.toContain('nobody');
  carrier.close();
  server.close();
  const gone = new SmtpMailTransport({ url: server.url, from: 'x@example.org' });
  await expect(gone.send(letter)).rejects.toMatchObject({ mayWorkLater: true });
});
