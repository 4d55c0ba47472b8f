import { openSite, type Site } from '../../support/site';
import { PASSWORD, person, type ApiBrowser } from '../../support/api-browser';
import { tokenTo } from '../../support/sign-up';

const HOUR_MS = 3_600_000;

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const linkTo = (email: string): Promise<string> => tokenTo(site.mailbox, email, 'confirm');
const confirm = (browser: ApiBrowser, token: string, password = PASSWORD): Promise<string> =>
  browser.codeOf('confirmAccount', { body: { token, password } });

/** Registers, and answers with the link's token. Sends wait for each other, so the newest link is this one's. */
async function register(browser: ApiBrowser, email: string, password = PASSWORD): Promise<string> {
  const before = await site.mailbox.to(email);
  await browser.ask('register', { body: person(email, { password }) });
  while ((await site.mailbox.to(email)).length === before.length) await new Promise(setImmediate);
  return linkTo(email);
}

test('A2 an address that has an account gets the same reply as a free one, and a mail that says so', async () => {
  await site.signUp(site.browser(), person('there@example.org', { name: 'Ada' }));
  const replies = [];
  for (const email of ['there@example.org', 'THERE@example.org', 'free@example.org']) {
    const response = await site.browser().send('register', { body: person(email, { name: 'Buy now' }) });
    const headers = [...response.headers].filter(([name]) => !['date', 'content-length'].includes(name));
    replies.push([response.status, headers, await response.text()]);
  }
  expect(replies[0]?.[0]).toBe(200);
  expect(replies[1]).toEqual(replies[0]);
  expect(replies[2]).toEqual(replies[0]);
  const known = await site.mailbox.to('there@example.org');
  expect(known).toHaveLength(3);
  for (const text of known.slice(1)) {
    expect(text).toContain('Hello Ada');
    expect(text).toContain('already have an account');
    expect(text).not.toContain('token=');
  }
  // To the address as the account has it, and without anything that the sender could choose.
  expect(await site.mailbox.to('THERE@example.org')).toEqual([]);
  expect([...known, ...(await site.mailbox.to('free@example.org'))].join()).not.toContain('Buy now');
});

test('A2 a registration of a known address does the same work as that of a free one', async () => {
  await site.signUp(site.browser(), person('known@example.org'));
  const work: string[] = [];
  const watched = [
    jest.spyOn(site.passwords, 'hash'),
    jest.spyOn(site.users, 'byEmail'),
    jest.spyOn(site.collections.registrations, 'insert'),
    jest.spyOn(site.mailbox, 'send'),
  ];
  for (const email of ['known@example.org', 'unknown@example.org']) {
    await site.browser().ask('register', { body: person(email) });
    while ((await site.mailbox.to(email)).length === 0) await new Promise(setImmediate);
    work.push(JSON.stringify(watched.map((spy) => spy.mock.calls.length)));
    watched.forEach((spy) => spy.mockClear());
  }
  watched.forEach((spy) => spy.mockRestore());
  expect(work).toEqual(['[1,1,1,1]', '[1,1,1,1]']);
});

test('A2 there is no account before the link is opened with the password that was chosen', async () => {
  const browser = site.browser();
  const token = await register(browser, 'later@example.org');
  const logIn = { body: { email: 'later@example.org', password: PASSWORD } };
  expect(browser.cookies.size).toBe(0);
  expect(await browser.codeOf('logIn', logIn)).toBe('wrong_credentials');
  expect(await confirm(browser, token, 'another password')).toBe('wrong_credentials');
  expect(await confirm(browser, `${token}x`)).toBe('confirmation_invalid');
  expect(await site.collections.users.count({ emailKey: 'later@example.org' })).toBe(0);
  expect(await confirm(browser, token)).toBe('done');
  expect(await browser.ask('me')).toMatchObject({ me: { email: 'later@example.org', isAnonymous: false } });
  expect(await site.browser().codeOf('logIn', logIn)).toBe('done');
});

test('A2 whoever registers with the address of another does not own the account that the other one confirms', async () => {
  const stranger = site.browser();
  const theirs = await register(stranger, 'owner@example.org', 'the password of a stranger');
  const owner = site.browser();
  const own = await register(owner, 'owner@example.org');
  // The owner opens the link of the stranger's registration first.
  expect(await confirm(owner, theirs)).toBe('wrong_credentials');
  expect(await confirm(owner, own)).toBe('done');
  expect(await confirm(stranger, theirs, 'the password of a stranger')).toBe('confirmation_invalid');
  expect(
    await stranger.codeOf('logIn', {
      body: { email: 'owner@example.org', password: 'the password of a stranger' },
    }),
  ).toBe('wrong_credentials');
});

test('A2 a repeated confirmation logs in again, until the password is changed or a day is over', async () => {
  const token = await register(site.browser(), 'again@example.org');
  const [one, other] = [site.browser(), site.browser()];
  expect(await confirm(one, token)).toBe('done');
  expect(await confirm(other, token)).toBe('done');
  const ids = await Promise.all([one, other].map(async (browser) => (await browser.ask('me')).me?.id));
  expect(ids[0]).toBe(ids[1]);
  const { audit } = await one.ask('export');
  expect(audit.map(({ action }) => action)).toContain('account.logged_in');
  await one.ask('changePassword', { body: { current: PASSWORD, next: 'a much better password' } });
  expect(await confirm(site.browser(), token)).toBe('confirmation_invalid');
  const late = await register(site.browser(), 'late@example.org');
  site.clock.move(25 * HOUR_MS);
  expect(await confirm(site.browser(), late)).toBe('confirmation_invalid');
});

test('A2 a password change during a confirmation ends the log-in that the confirmation makes', async () => {
  const email = 'changed-meanwhile@example.org';
  const token = await register(site.browser(), email);
  const owner = site.browser();
  expect(await confirm(owner, token)).toBe('done');
  const late = site.browser();
  const [code] = await Promise.all([
    confirm(late, token),
    owner.ask('changePassword', { body: { current: PASSWORD, next: 'a much better password' } }),
  ]);
  // Either the change ended the log-in, or there was none.
  expect(['done', 'confirmation_invalid', 'wrong_credentials']).toContain(code);
  expect((await late.ask('me')).me?.email ?? null).toBeNull();
});

test('A2 of all who confirm an address at once exactly one gets it, however it is written', async () => {
  const written = ['race@example.org', 'Race@Example.org', 'RACE@EXAMPLE.ORG'];
  const racers = [];
  for (let n = 0; n < 12; n++) {
    // Half of them are guests who become accounts.
    const browser = n % 2 === 0 ? site.browser() : (await site.guest()).browser;
    const password = `the password of racer ${n}`;
    racers.push({ browser, password, token: await register(browser, written[n % 3] ?? '', password) });
  }
  const answers = await Promise.all(
    racers.map(({ browser, password, token }) => confirm(browser, token, password)),
  );
  expect(answers.filter((code) => code === 'done')).toHaveLength(1);
  expect(answers.filter((code) => code === 'confirmation_invalid')).toHaveLength(11);
  expect(await site.collections.users.count({ emailKey: 'race@example.org' })).toBe(1);
});

test('A2 a link that is opened twice at once makes one account, and both are logged in', async () => {
  const token = await register(site.browser(), 'double@example.org');
  const browsers = Array.from({ length: 6 }, () => site.browser());
  expect(await Promise.all(browsers.map((browser) => confirm(browser, token)))).toEqual(
    browsers.map(() => 'done'),
  );
  expect(await site.collections.users.count({ emailKey: 'double@example.org' })).toBe(1);
});

test('A2 a guest who registers two addresses becomes one of both accounts; the other is a new user', async () => {
  const { browser, identity } = await site.guest();
  const tokens = [
    await register(browser, 'first@example.org'),
    await register(browser, 'second@example.org'),
  ];
  const there = site.browser();
  const codes = await Promise.all([confirm(browser, tokens[0] ?? ''), confirm(there, tokens[1] ?? '')]);
  expect(codes).toEqual(['done', 'done']);
  const ids = await Promise.all([browser, there].map(async (one) => (await one.ask('me')).me?.id));
  expect(ids.filter((id) => id === identity.userId)).toHaveLength(1);
  expect(new Set(ids).size).toBe(2);
});

test('A2 a link that is opened on another device makes the guest an account, and ends the session of the guest', async () => {
  const { browser, identity, session } = await site.guest();
  const token = await register(browser, 'elsewhere@example.org');
  const there = await site.guest();
  expect(await confirm(there.browser, token)).toBe('done');
  expect((await there.browser.ask('me')).me?.id).toBe(identity.userId);
  // The guest of the other device is not the one who registered, and stays a guest for after the log-out.
  await there.browser.ask('logOut');
  expect((await there.browser.ask('me')).me?.id).toBe(there.identity.userId);
  expect(await site.accounts.identities.identify({ logIn: null, guest: session })).toBeNull();
});

test('G1 an export has what waits for a confirmation, without its secrets', async () => {
  const { browser } = await site.guest();
  const token = await register(browser, 'waits@example.org');
  const data = await browser.ask('export');
  expect(data.registrations).toMatchObject([{ email: 'waits@example.org', birthDate: '1990-05-17' }]);
  expect(JSON.stringify(data)).not.toMatch(new RegExp(`argon2|${token}`));
});

test('G1 an erasure takes what waits for a confirmation along, and a day takes the rest', async () => {
  const { browser } = await site.guest();
  const token = await register(browser, 'erased@example.org');
  await browser.ask('erase');
  expect(await site.collections.registrations.count({ emailKey: 'erased@example.org' })).toBe(0);
  expect(await confirm(browser, token)).toBe('confirmation_invalid');

  const account = site.browser();
  await site.signUp(account, person('erased@example.org'));
  await site.browser().ask('register', { body: person('Erased@example.org') });
  await account.ask('erase', { body: { password: PASSWORD } });
  expect(await site.collections.registrations.count({ emailKey: 'erased@example.org' })).toBe(0);
});
