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
const mail: MailMessage = {
  to: { name: 'Zoë', address: 'zoe@example.org' },
  subject: 'Grüße',
  text: 'Hallo\n.\nund tschüss\n',
};

function scene(outcomes: (MailError | 'sent' | 'hangs')[]) {
  const clock = new ManualClock();
  const sent: MailMessage[] = [];
  const errors: unknown[] = [];
  let tidied = 0;
  let hanging: { resolve: () => void; reject: (error: unknown) => void } | undefined;
  const queue = new MailQueue({
    clock,
    publicUrl: 'https://passerby.example',
    reportError: (error) => errors.push(error),
    carrier: {
      send: (sealed) => {
        const outcome = outcomes.shift() ?? 'sent';
        if (outcome === 'hangs')
          return new Promise((resolve, reject) => void (hanging = { resolve, reject }));
        if (outcome !== 'sent') return Promise.reject(outcome);
        sent.push(sealed);
        return Promise.resolve();
      },
      tidy: () => Promise.resolve(void tidied++),
      close: () => undefined,
    },
  });
  return { clock, sent, errors, queue, tidied: () => tidied, hanging: () => hanging };
}

test('A2 a mail that may go later is tried again, then given up and reported without its address', async () => {
  const busy = new MailError('EENVELOPE 451', true);
  const { queue, clock, sent, errors } = scene([busy, busy]);
  queue.send(zoe, { kind: 'password_changed' });
  await settle();
  expect(sent).toHaveLength(0);
  await clock.advance(120_000);
  expect(sent).toMatchObject([
    { to: { address: 'zoe@example.org' }, subject: 'Dein Passwort wurde geändert' },
  ]);
  expect(errors).toEqual([]);

  const rejected = scene([new MailError('EENVELOPE 550', false)]);
  rejected.queue.send(zoe, { kind: 'password_changed' });
  await settle();
  await rejected.clock.advance(600_000);
  expect(rejected.sent).toHaveLength(0);
  expect(String(rejected.errors[0])).toBe('MailError: a mail could not be sent: EENVELOPE 550');
});

test('A2 a flood of registrations leaves room for mails to people who have an account', async () => {
  const { queue, errors } = scene(Array<'hangs'>(200).fill('hangs'));
  for (let n = 0; n < 200; n++) queue.send({ ...zoe, name: '' }, { kind: 'confirm_account', token: `t${n}` });
  const rejected = errors.length;
  expect(rejected).toBeGreaterThan(0);
  queue.send(zoe, { kind: 'reset', token: 'hers' });
  expect(errors).toHaveLength(rejected);
  await settle();
});

test('A2 an orderly stop tries waiting mails once more and takes no new ones', async () => {
  const { queue, sent, errors } = scene([new MailError('ECONNECTION', true)]);
  queue.send(zoe, { kind: 'password_changed' });
  await settle();
  await queue.close();
  expect(sent).toHaveLength(1);
  queue.send(zoe, { kind: 'password_changed' });
  expect(errors).toHaveLength(1);
});

test('A2 a mail server that hangs does not delay a stop; its mails are given up and reported, once', async () => {
  const { queue, clock, errors, hanging } = scene(['hangs']);
  queue.send(zoe, { kind: 'password_changed' });
  await settle();
  let isClosed = false;
  const closed = queue.close().then(() => (isClosed = true));
  await clock.advance(1_900);
  expect(isClosed).toBe(false);
  await clock.advance(200);
  await closed;
  expect(String(errors[0])).toBe('MailError: a mail could not be sent: the server stops');
  hanging()?.reject(new MailError('ETIMEDOUT', true));
  await settle();
  expect(errors).toHaveLength(1);
  expect(JSON.stringify(errors)).not.toMatch(/zoe/i);
});

test('G2 the transport deletes old mails when the queue starts, after every mail and every hour', async () => {
  const { queue, clock, tidied } = scene([]);
  expect(tidied()).toBe(1);
  queue.send(zoe, { kind: 'password_changed' });
  await settle();
  expect(tidied()).toBe(2);
  await clock.advance(3_600_000);
  expect(tidied()).toBe(3);
  await queue.close();
  await clock.advance(7_200_000);
  expect(tidied()).toBe(3);
  expect(clock.pending).toBe(0);
});

test('G2 mails in files are kept for a day; other files are left alone', async () => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'passerby-test-')), 'mail');
  const carrier = new FileMailTransport(folder, { info: () => undefined });
  await carrier.tidy();
  await carrier.send(mail);
  await carrier.send(mail);
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

test('A2 without a mail server mails are files for their owner alone; the log names the file only', async () => {
  const folder = path.join(await mkdtemp(path.join(tmpdir(), 'passerby-test-')), 'mail');
  const logged: unknown[] = [];
  const log = { info: (...line: unknown[]) => void logged.push(line) };
  await new FileMailTransport(folder, log).send(mail);
  const [name = ''] = await readdir(folder);
  expect(await readFile(path.join(folder, name), 'utf8')).toBe(
    'To: Zoë <zoe@example.org>\nSubject: Grüße\n\nHallo\n.\nund tschüss\n',
  );
  expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(logged)).not.toContain('zoe');
  await rm(path.dirname(folder), { recursive: true });
});

/** A mail server that accepts everything except unknown recipients. */
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

test('A2 mails go by SMTP; a rejection is reported as a code, without the address', async () => {
  const server = await smtpServer();
  const carrier = new SmtpMailTransport({ url: server.url, from: 'Passerby <no-reply@passerby.example>' });
  await carrier.send(mail);
  const text = server.received.join('\n');
  expect(text).toContain('MAIL FROM:<no-reply@passerby.example>');
  expect(text).toContain('RCPT TO:<zoe@example.org>');
  expect(text).toContain('Auto-Submitted: auto-generated');
  const unknown = { ...mail, to: { name: 'Nobody', address: 'nobody@example.org' } };
  const rejected = await carrier.send(unknown).catch((error: unknown) => error);
  expect(rejected).toMatchObject({ code: 'EENVELOPE 550', mayWorkLater: false });
  expect(String(rejected)).not.toContain('nobody');
  carrier.close();
  server.close();
  const gone = new SmtpMailTransport({ url: server.url, from: 'x@example.org' });
  await expect(gone.send(mail)).rejects.toMatchObject({ mayWorkLater: true });
});
