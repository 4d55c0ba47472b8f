/** @alone Times of log-ins are compared with one another. */
import { LOGIN_THROTTLE_LIMITS } from '../../../src/app/accounts/login-throttle';
import { ApiError, PASSWORD, person } from '../../support/api-browser';
import { tokenTo } from '../../support/sign-up';
import { openSite, type Site } from '../../support/site';

let site: Site;
afterEach(() => site.close());

const from = (address: string) => ({ 'x-forwarded-for': address });

test('A2 an unknown address is rejected as slowly as a wrong password', async () => {
  // The real cost of a password, so that its absence would show.
  site = await openSite({ passwordCost: { memoryCost: 32_768, timeCost: 3, parallelism: 1 } });
  await site.signUp(site.browser(), person('known@example.org'));
  const times: Record<string, number[]> = { known: [], unknown: [] };
  for (let round = 0; round < 12; round++) {
    for (const who of round % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known']) {
      const started = performance.now();
      const body = { email: `${who}@example.org`, password: 'wrong password' };
      expect(await site.browser().codeOf('logIn', { body })).toBe('wrong_credentials');
      times[who]?.push(performance.now() - started);
    }
  }
  const median = (list: number[] = []): number => list.sort((a, b) => a - b)[6] ?? 0;
  const [known, unknown] = [median(times['known']), median(times['unknown'])];
  expect(known).toBeGreaterThan(15);
  expect(Math.abs(known - unknown) / known).toBeLessThan(0.35);
});

test.each([
  ['register', 'flooded@example.org'],
  ['register', 'holder@example.org'],
  ['askReset', 'holder@example.org'],
] as const)(
  'A2 %s sends few mails to one address (%s), and does not say when it stops',
  async (endpoint, email) => {
    site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
    await site.signUp(site.browser(from('192.0.2.1')), person('holder@example.org'));
    const before = (await site.mailbox.to(email)).length;
    const registrationsBefore = endpoint === 'register' && email === 'holder@example.org' ? 1 : 0;
    const body = endpoint === 'register' ? person(email) : { email };
    const codes = [];
    for (let n = 0; n < 14; n++) {
      codes.push(await site.browser(from(`203.0.113.${n}`)).codeOf(endpoint, { body }));
    }
    expect(codes).toEqual(Array<string>(14).fill('done'));
    const sent = LOGIN_THROTTLE_LIMITS[endpoint].mails.burst - registrationsBefore;
    expect((await site.mailbox.to(email)).length - before).toBe(sent);
  },
);

test.each(['register', 'askReset'] as const)(
  "A2 a stranger who repeats %s for somebody's address does not keep its owner from it",
  async (endpoint) => {
    site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
    const body = endpoint === 'register' ? person('owner@example.org') : { email: 'owner@example.org' };
    const codes = [];
    for (let n = 0; n < 5; n++) {
      codes.push(await site.browser(from('203.0.113.9')).codeOf(endpoint, { body }));
    }
    expect(codes).toEqual(['done', 'done', 'done', 'rate_limited', 'rate_limited']);
    expect(await site.browser(from('192.0.2.1')).codeOf(endpoint, { body })).toBe('done');
  },
);

test('A2 the password of a registration cannot be guessed by whoever has the link', async () => {
  site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
  await site.browser().ask('register', { body: person('linked@example.org') });
  const token = await tokenTo(site.mailbox, 'linked@example.org', 'confirm');
  const codes = [];
  for (let n = 0; n < 10; n++) {
    const browser = site.browser(from(`203.0.113.${n}`));
    codes.push(await browser.codeOf('confirmAccount', { body: { token, password: 'guess' } }));
  }
  expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(8);
  expect(codes.at(-1)).toBe('rate_limited');
});

test('A2 guessing at one account is slowed, with a time to wait, and does not shut its owner out elsewhere', async () => {
  site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
  await site.signUp(site.browser(from('192.0.2.1')), person('victim@example.org'));
  const guess = (address: string, email = 'victim@example.org') =>
    site.browser(from(address)).ask('logIn', { body: { email, password: 'guess' } });
  const codes: string[] = [];
  for (let n = 0; n < 10; n++) {
    await guess('203.0.113.5').catch((error: unknown) =>
      codes.push(error instanceof ApiError ? error.code : ''),
    );
  }
  expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(
    LOGIN_THROTTLE_LIMITS.logIn.ours.burst,
  );
  expect(codes.at(-1)).toBe('rate_limited');
  const rejected = await guess('203.0.113.5').catch((error: unknown) => error);
  expect(rejected).toMatchObject({ status: 429, code: 'rate_limited' });
  expect(rejected instanceof ApiError && rejected.retryAfterMs).toBeGreaterThan(1000);

  const owner = site.browser(from('192.0.2.1'));
  expect(await owner.codeOf('logIn', { body: { email: 'victim@example.org', password: PASSWORD } })).toBe(
    'done',
  );
  // An address without an account is limited in the same way.
  const unknown: string[] = [];
  for (let n = 0; n < 10; n++) {
    await guess('203.0.113.6', 'nobody@example.org').catch((error: unknown) =>
      unknown.push(error instanceof ApiError ? error.code : ''),
    );
  }
  expect(unknown).toEqual(codes);
});

test("A2 further guesses of a rejected client do not use up the owner's attempts", async () => {
  site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
  await site.signUp(site.browser(from('192.0.2.1')), person('victim@example.org'));
  const stranger = site.browser(from('203.0.113.5'));
  const body = { email: 'victim@example.org', password: 'guess' };
  const perMinute = 120;
  for (let minute = 0; minute < 3; minute++) {
    for (let n = 0; n < perMinute; n++) {
      await stranger.codeOf('logIn', { body });
      site.clock.move(60_000 / perMinute);
    }
    const owner = site.browser(from('192.0.2.1'));
    expect(await owner.codeOf('logIn', { body: { ...body, password: PASSWORD } })).toBe('done');
  }
});

test('A2 one address cannot try account after account; waiting lets it try again', async () => {
  site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
  const attempt = (n: number): Promise<string> =>
    site
      .browser(from('203.0.113.7'))
      .codeOf('logIn', { body: { email: `someone${n}@example.org`, password: 'password123' } });
  const codes = [];
  for (let n = 0; n < LOGIN_THROTTLE_LIMITS.logIn.address.burst + 3; n++) codes.push(await attempt(n));
  expect(codes.slice(-3)).toEqual(['rate_limited', 'rate_limited', 'rate_limited']);
  // Twelve more have come back within a minute.
  site.clock.move(60_000);
  expect(await attempt(1000)).toBe('wrong_credentials');
});

test('A2 a household on IPv6 is one address, whatever it chooses for its last 64 bits', async () => {
  site = await openSite({ limits: LOGIN_THROTTLE_LIMITS });
  const codes = [];
  for (let n = 0; n < LOGIN_THROTTLE_LIMITS.logIn.address.burst + 2; n++) {
    const browser = site.browser(from(`2001:db8:1:2::${(n + 1).toString(16)}`));
    codes.push(await browser.codeOf('logIn', { body: { email: `v6-${n}@example.org`, password: 'guess' } }));
  }
  expect(codes.at(-1)).toBe('rate_limited');
});

test('A2 more log-ins at once than can be worked off are rejected, and the loop goes on', async () => {
  site = await openSite({ passwordCost: { memoryCost: 32_768, timeCost: 3, parallelism: 1 } });
  let slowest = 0;
  let before = performance.now();
  const watch = setInterval(() => {
    slowest = Math.max(slowest, performance.now() - before - 10);
    before = performance.now();
  }, 10);
  const codes = await Promise.all(
    Array.from({ length: 150 }, (_, n) =>
      site.browser().codeOf('logIn', { body: { email: `flood${n}@example.org`, password: 'guess' } }),
    ),
  );
  clearInterval(watch);
  expect(codes.filter((code) => code === 'rate_limited').length).toBeGreaterThan(20);
  expect(codes.filter((code) => code === 'wrong_credentials').length).toBeGreaterThan(90);
  expect(slowest).toBeLessThan(500);
});
