import { openSite, type Site } from '../../support/site';
import { PASSWORD, person } from '../../support/api-browser';

const DAY_MS = 24 * 3_600_000;
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('A1 a new browser is no user; after its handshake it is a guest with a name and the free plan', async () => {
  expect(await site.browser().ask('me')).toEqual({ me: null, minimumAge: 18 });
  const { browser, identity } = await site.guest();
  const { me } = await browser.ask('me');
  expect(me).toMatchObject({ id: identity.userId, name: identity.name, isAnonymous: true, email: null });
  expect(me?.name).toMatch(/^[A-Z][a-z]+[A-Z][a-z]+\d{4}$/);
  expect(me?.plan.plan.id).toBe('free');
});

test('A2 a guest becomes an account and keeps id, name, profile, blocks and statistics', async () => {
  const { browser, identity, session } = await site.guest();
  await browser.ask('changeMe', { body: { profile: { interests: ['Slow  Cooking'], languages: ['de'] } } });
  await site.accounts.blocks.block(identity, { userId: 'guest_other', name: 'MistyYak0001' });
  await site.accounts.callCounter.countCall(identity, {
    callId: 'call-1',
    talkedMs: 61_000,
    messagesSent: 3,
    skipped: true,
  });
  const events: string[] = [];
  site.accounts.accountEvents.on({ becameAccount: (userId) => events.push(userId) });

  const { me } = await site.signUp(browser, person('ada@example.org'));
  expect(me).toMatchObject({
    id: identity.userId,
    name: identity.name,
    isAnonymous: false,
    email: 'ada@example.org',
    birthDate: '1990-05-17',
    profile: { interests: ['slow cooking'], languages: ['de'] },
  });
  expect(events).toEqual([identity.userId]);
  expect(await browser.ask('me')).toMatchObject({ me: { id: identity.userId, isAnonymous: false } });
  expect((await browser.ask('blocks')).blocks).toMatchObject([{ userId: 'guest_other' }]);
  expect(await browser.ask('statistics')).toMatchObject({ calls: 1, talkedMs: 61_000, skipped: 1 });

  // The guest's session is no longer valid: it would be a way around the password.
  expect([...browser.cookies.keys()]).toEqual(['passerby_session']);
  expect(await site.accounts.identities.identify({ logIn: null, guest: session })).toBeNull();
});

test('A2 logging out and in again is the same user; the old cookie is no longer valid', async () => {
  const browser = site.browser({ 'user-agent': FIREFOX });
  const { me } = await site.signUp(browser, person('grace@example.org', { name: 'Grace  Hopper' }));
  expect(me.name).toBe('Grace Hopper');
  expect(me.id).toMatch(/^user_/);
  const old = browser.twin();
  await browser.ask('logOut');
  expect(browser.cookies.size).toBe(0);
  expect(await old.ask('me')).toMatchObject({ me: null });
  expect(await old.codeOf('devices')).toBe('log_in_first');

  const back = await browser.ask('logIn', { body: { email: ' GRACE@Example.org', password: PASSWORD } });
  expect(back.me.id).toBe(me.id);
  expect((await browser.ask('devices')).devices).toMatchObject([
    { device: 'Firefox on Linux', isThis: true },
  ]);
});

test('A2 a wrong password and an unknown address get the same error', async () => {
  await site.signUp(site.browser(), person('alan@example.org'));
  const answers = [];
  for (const body of [
    { email: 'alan@example.org', password: 'not this one' },
    { email: 'nobody@example.org', password: PASSWORD },
    { email: 'alan@example.org', password: '' },
  ]) {
    const response = await site.browser().send('logIn', { body });
    answers.push([response.status, await response.text()]);
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]?.[0]).toBe(401);
});

test('A2 a user who is too young is rejected, to the day, and no data is kept', async () => {
  const today = new Date(site.clock.now());
  const years = (age: number, days: number): string =>
    new Date(Date.UTC(today.getUTCFullYear() - age, today.getUTCMonth(), today.getUTCDate() + days))
      .toISOString()
      .slice(0, 10);
  const attempt = (birthDate: string): Promise<string> =>
    site.browser().codeOf('register', { body: person('young@example.org', { birthDate }) });
  expect(await attempt(years(18, 1))).toBe('too_young');
  expect(await attempt(years(0, 1))).toBe('bad_data');
  expect(await attempt('1800-01-01')).toBe('bad_data');
  expect(await attempt('2001-02-29')).toBe('bad_data');
  expect(await site.collections.users.count({ emailKey: 'young@example.org' })).toBe(0);
  expect(await site.collections.registrations.count({ emailKey: 'young@example.org' })).toBe(0);
  expect(await attempt(years(18, 0))).toBe('done');
});

test('A3 name and profile of a guest and of an account are changed and stay so', async () => {
  const { browser, identity } = await site.guest();
  const renamed: string[] = [];
  site.accounts.accountEvents.on({ renamed: (userId, name) => renamed.push(`${userId} ${name}`) });
  const profile = {
    gender: 'other',
    country: 'DE',
    languages: ['de', 'en'],
    interests: ['film photography'],
    mode: 'audio',
    wantedGenders: ['female'],
    wantedAgeBands: ['25-34'],
    avoidCountries: ['US'],
    blurFirst: false,
  } as const;
  const { me } = await browser.ask('changeMe', {
    body: {
      name: 'Zoë',
      profile: {
        ...profile,
        languages: [...profile.languages],
        interests: [...profile.interests],
        wantedGenders: [...profile.wantedGenders],
        wantedAgeBands: [...profile.wantedAgeBands],
        avoidCountries: [...profile.avoidCountries],
      },
    },
  });
  expect(me).toMatchObject({ name: 'Zoë', profile });
  expect(renamed).toEqual([`${identity.userId} Zoë`]);
  expect((await browser.ask('changeMe', { body: { profile: { mode: 'text' } } })).me.profile).toEqual({
    ...profile,
    mode: 'text',
  });
  expect(
    await site.accounts.identities.identify({ logIn: null, guest: identity.guestSession }),
  ).toMatchObject({
    name: 'Zoë',
  });
});

test.each(['名前', '王', 'Ælfgifu', 'Łukasz O’Neil', 'नमस्ते', 'مرحبا', 'e\u0301clair', '🐼🐼🐼'])(
  'A3 the name %s goes in and comes out as it is read',
  async (name) => {
    const { browser } = await site.guest();
    expect((await browser.ask('changeMe', { body: { name } })).me.name).toBe(name.normalize('NFKC'));
    expect((await browser.ask('me')).me?.name).toBe(name.normalize('NFKC'));
  },
);

test.each(['', ' ', '\u202E', 'a\u0000b', '\u200B', '<b>hi</b>', 'x'.repeat(25), '\u3164'])(
  'A3 the name %p is rejected',
  async (name) => {
    const { browser } = await site.guest();
    expect(await browser.codeOf('changeMe', { body: { name } })).toBe('bad_data');
  },
);

test('A2 a password may hold anything, and counts as the same however its characters are composed', async () => {
  const password = 'Pa\u0308sswo\u0308rt 🐼 \u0000 ﬁn';
  await site.signUp(site.browser(), person('unicode@example.org', { password }));
  for (const same of [password, password.normalize('NFC'), password.normalize('NFKD')]) {
    expect(
      await site.browser().codeOf('logIn', { body: { email: 'unicode@example.org', password: same } }),
    ).toBe('done');
  }
  const other = password.replace('🐼', '🐻');
  expect(
    await site.browser().codeOf('logIn', { body: { email: 'unicode@example.org', password: other } }),
  ).toBe('wrong_credentials');
});

test('A3 blocks are listed newest first, once each, and can be taken back', async () => {
  const { browser, identity } = await site.guest();
  const unblocked: string[] = [];
  site.accounts.accountEvents.on({ unblocked: (userId, otherId) => unblocked.push(`${userId} ${otherId}`) });
  for (const n of [1, 2, 1, 3]) {
    await site.accounts.blocks.block(identity, { userId: `guest_${n}`, name: `QuietWren000${n}` });
    site.clock.move(1000);
  }
  expect((await browser.ask('blocks')).blocks.map(({ userId }) => userId)).toEqual([
    'guest_3',
    'guest_2',
    'guest_1',
  ]);
  expect(
    (await site.accounts.identities.identify({ logIn: null, guest: identity.guestSession }))?.blocked,
  ).toEqual(['guest_1', 'guest_2', 'guest_3']);
  await browser.ask('unblock', { at: { userId: 'guest_2' } });
  await browser.ask('unblock', { at: { userId: 'guest_2' } });
  expect((await browser.ask('blocks')).blocks.map(({ userId }) => userId)).toEqual(['guest_3', 'guest_1']);
  expect(unblocked[0]).toBe(`${identity.userId} guest_2`);
});

test('A3 a call counts once, however often it is reported', async () => {
  const { browser, identity } = await site.guest();
  const count = (callId: string, talkedMs: number): Promise<boolean> =>
    site.accounts.callCounter.countCall(identity, { callId, talkedMs, messagesSent: 2, skipped: false });
  await Promise.all([count('a', 5_000), count('a', 5_000), count('b', 9_000), count('a', 5_000)]);
  await count('c', 1_000);
  expect(await browser.ask('statistics')).toEqual({
    calls: 3,
    talkedMs: 15_000,
    longestMs: 9_000,
    messagesSent: 6,
    skipped: 0,
  });
});

test('A2 devices are listed, and can be logged out one by one or all others at once', async () => {
  const loggedOut: string[] = [];
  site.accounts.accountEvents.on({
    loggedOut: (_, ids) => loggedOut.push(JSON.stringify(ids)),
  });
  const first = site.browser({ 'user-agent': FIREFOX });
  await site.signUp(first, person('devices@example.org'));
  const body = { email: 'devices@example.org', password: PASSWORD };
  const [second, third] = [site.browser(), site.browser()];
  site.clock.move(60_000);
  await second.ask('logIn', { body });
  await third.ask('logIn', { body });
  const { devices } = await first.ask('devices');
  expect(devices).toHaveLength(3);
  expect(devices.filter(({ isThis }) => isThis)).toHaveLength(1);

  const secondId = (await second.ask('devices')).devices.find(({ isThis }) => isThis)?.id ?? '';
  await first.ask('logOutDevice', { at: { deviceId: secondId } });
  expect(loggedOut).toEqual([JSON.stringify([secondId])]);
  expect(await second.codeOf('devices')).toBe('log_in_first');
  expect(await third.codeOf('devices')).toBe('done');
  await first.ask('logOutOthers');
  expect(await third.codeOf('devices')).toBe('log_in_first');
  expect((await first.ask('devices')).devices).toHaveLength(1);

  // Another user's device is out of reach.
  const stranger = site.browser();
  await site.signUp(stranger, person('stranger@example.org'));
  const own = (await first.ask('devices')).devices[0]?.id ?? '';
  await stranger.ask('logOutDevice', { at: { deviceId: own } });
  expect(await first.codeOf('devices')).toBe('done');
});

test('A2 a log-in that is not used for thirty days is over; use renews it', async () => {
  const browser = site.browser();
  await site.signUp(browser, person('idle@example.org'));
  for (let month = 0; month < 3; month++) {
    site.clock.move(29 * DAY_MS);
    expect(await browser.ask('me')).toMatchObject({ me: { email: 'idle@example.org' } });
    // Written in the background.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  site.clock.move(30 * DAY_MS + 1000);
  expect(await browser.ask('me')).toMatchObject({ me: null });
  expect(browser.cookies.has('passerby_session')).toBe(false);
});

test('A2 an account is logged in on thirty devices at most; the one not used for longest gives way', async () => {
  const first = site.browser();
  await site.signUp(first, person('many@example.org'));
  const body = { email: 'many@example.org', password: PASSWORD };
  for (let n = 0; n < 30; n++) {
    site.clock.move(1000);
    await site.browser().ask('logIn', { body });
  }
  expect(await first.codeOf('devices')).toBe('log_in_first');
});

test('A2 logging in on a browser with a log-in ends the earlier one', async () => {
  const browser = site.browser();
  await site.signUp(browser, person('one@example.org'));
  const before = browser.twin();
  await site.signUp(browser, person('two@example.org'));
  expect(await before.codeOf('devices')).toBe('log_in_first');
  expect(await browser.ask('me')).toMatchObject({ me: { email: 'two@example.org' } });
});
