import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MailError } from '../../../src/mail/mail-transport';
import { openSite, type Site } from '../../support/site';
import { PASSWORD, person } from '../../support/api-browser';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const ADDRESS = '203.0.113.201';
const EMAIL = 'Secretive.Person@example.org';

/** Makes successful and failing requests of every kind; returns the texts that may not appear anywhere. */
async function visitEverything(): Promise<string[]> {
  const headers = { 'x-forwarded-for': ADDRESS };
  const { browser, session } = await site.guest(headers);
  await site.signUp(browser, person(EMAIL, { password: 'a password of their own' }));
  const token = browser.cookies.get('passerby_session') ?? '';
  await browser.ask('changeMe', {
    body: { name: 'A Private Name', profile: { interests: ['private interest'] } },
  });
  await browser.codeOf('logIn', { body: { email: EMAIL, password: 'a wrong password' } });
  await site.browser(headers).ask('askReset', { body: { email: EMAIL } });
  const reset = await site.mailbox.resetToken(EMAIL);
  await browser.codeOf('reset', { body: { token: 'a made-up token', password: PASSWORD } });
  site.mailbox.failure = new MailError('EENVELOPE 550', false);
  await browser.ask('askReset', { body: { email: EMAIL } });
  const broken = jest
    .spyOn(site.collections.users, 'get')
    .mockRejectedValue(new Error('an error of the server, which is logged'));
  expect(await browser.codeOf('me')).toBe('internal');
  broken.mockRestore();
  site.store.isAway = true;
  await browser.codeOf('logIn', { body: { email: EMAIL, password: 'a password of their own' } });
  await new Promise((resolve) => setTimeout(resolve, 300));
  site.store.isAway = false;
  await site.outbox.drained(10_000);
  await browser.send('changeMe', { body: { name: '<a name that is refused>' } });
  await browser.ask('export');
  await browser.ask('erase', { body: { password: 'a password of their own' } });
  return [
    ADDRESS,
    EMAIL,
    EMAIL.toLowerCase(),
    token,
    session,
    reset,
    'a password of their own',
    'a wrong password',
    'a made-up token',
    'A Private Name',
    'private interest',
    'a name that is refused',
    '1990-05-17',
    (await readFile(path.join(site.folder, 'secret'), 'utf8')).trim(),
  ];
}

/** Every file of the site but its secret, as one text. */
async function onDisk(): Promise<string> {
  const files = await readdir(site.folder, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile() && file.name !== 'secret')
    // A log may be exchanged for a new one between the two looks.
    .map((file) => readFile(path.join(file.parentPath, file.name), 'utf8').catch(() => ''));
  return (await Promise.all(texts)).join('');
}

/** The first of the texts that is still on disk after the time in which erased data has to be gone. */
async function leftOnDisk(texts: readonly string[]): Promise<string | undefined> {
  const until = Date.now() + 10_000;
  for (;;) {
    const kept = await onDisk();
    const left = texts.find((text) => kept.includes(text));
    if (left === undefined || Date.now() > until) return left;
    await wait(200);
  }
}

test('O4 [G2.1] no secret, address, e-mail or name is ever logged, addresses are not on disk, and an erased user is gone from it', async () => {
  const secrets = await visitEverything();
  const logged = site.logged();
  // The check is worth something only when things were logged.
  expect(logged).toContain('an error of the server');
  expect(logged).toContain('EENVELOPE 550');
  for (const secret of secrets) expect([secret, logged.includes(secret)]).toEqual([secret, false]);

  const kept = await onDisk();
  expect(kept).toContain('account.registered');
  // Passwords, tokens, sessions and addresses are never written down at all.
  const [address, , , token, session, reset, ...others] = secrets;
  for (const secret of [address, token, session, reset, others[0], others[1], others[2]]) {
    expect([secret, kept.includes(secret ?? '')]).toEqual([secret, false]);
  }
  // E-mail, name, interests and birthday are, until their owner is erased: some seconds later they are nowhere.
  expect(await leftOnDisk(secrets)).toBeUndefined();
});
