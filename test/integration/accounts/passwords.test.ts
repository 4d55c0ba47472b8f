import { DomainError } from '../../../src/domain/error';
import { MailError } from '../../../src/mail/mail-transport';
import { Argon2Passwords } from '../../../src/crypto/argon2-passwords';
import { openSite, type Site } from '../../support/site';
import { PASSWORD, person } from '../../support/api-browser';

const NEW_PASSWORD = 'a much better password';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('A2 a changed password logs every other device out, and its owner gets a mail', async () => {
  const [browser, other] = [site.browser({ 'accept-language': 'de-DE,de;q=0.9' }), site.browser()];
  await site.signUp(browser, person('change@example.org'));
  await other.ask('logIn', { body: { email: 'change@example.org', password: PASSWORD } });
  expect(
    await browser.codeOf('changePassword', { body: { current: 'not this one', next: NEW_PASSWORD } }),
  ).toBe('wrong_credentials');
  expect(await other.codeOf('devices')).toBe('done');
  await browser.ask('changePassword', { body: { current: PASSWORD, next: NEW_PASSWORD } });
  expect(await browser.codeOf('devices')).toBe('done');
  expect(await other.codeOf('devices')).toBe('log_in_first');
  expect(await other.codeOf('logIn', { body: { email: 'change@example.org', password: PASSWORD } })).toBe(
    'wrong_credentials',
  );
  expect(await other.codeOf('logIn', { body: { email: 'change@example.org', password: NEW_PASSWORD } })).toBe(
    'done',
  );
  expect((await site.mailbox.newest('change@example.org')).subject).toBe('Dein Passwort wurde geändert');
});

test('A2 a reset mail allows choosing a new password once, and logs every device out', async () => {
  const browser = site.browser();
  await site.signUp(browser, person('reset@example.org'));
  await site.browser().ask('askReset', { body: { email: 'Reset@Example.org' } });
  const token = await site.mailbox.resetToken('reset@example.org');
  expect((await site.mailbox.newest('reset@example.org')).text).toContain(
    `https://passerby.example/account/reset#token=${token}`,
  );
  expect(await site.collections.resets.count({ tokenHash: token })).toBe(0);

  await site.browser().ask('reset', { body: { token, password: NEW_PASSWORD } });
  expect(await browser.codeOf('devices')).toBe('log_in_first');
  expect(
    await browser.codeOf('logIn', { body: { email: 'reset@example.org', password: NEW_PASSWORD } }),
  ).toBe('done');
  expect(await site.browser().codeOf('reset', { body: { token, password: 'yet another one' } })).toBe(
    'reset_invalid',
  );
});

test('A2 of concurrent uses of one reset mail exactly one succeeds', async () => {
  await site.signUp(site.browser(), person('reset-race@example.org'));
  await site.browser().ask('askReset', { body: { email: 'reset-race@example.org' } });
  const token = await site.mailbox.resetToken('reset-race@example.org');
  const passwords = Array.from({ length: 8 }, (_, n) => `password number ${n}`);
  const answers = await Promise.all(
    passwords.map((password) => site.browser().codeOf('reset', { body: { token, password } })),
  );
  expect(answers.filter((code) => code === 'done')).toHaveLength(1);
  expect(answers.filter((code) => code === 'reset_invalid')).toHaveLength(7);
  const winner = passwords[answers.indexOf('done')] ?? '';
  expect(
    await site.browser().codeOf('logIn', { body: { email: 'reset-race@example.org', password: winner } }),
  ).toBe('done');
});

test('A2 a reset mail is invalid after an hour, after a newer one, and after a change of password', async () => {
  const browser = site.browser();
  await site.signUp(browser, person('old@example.org'));
  const mail = async (): Promise<string> => {
    const { length } = site.mailbox.mails;
    await site.browser().ask('askReset', { body: { email: 'old@example.org' } });
    while (site.mailbox.mails.length === length) await new Promise((resolve) => setTimeout(resolve, 5));
    return site.mailbox.resetToken('old@example.org');
  };
  const use = (token: string): Promise<string> =>
    site.browser().codeOf('reset', { body: { token, password: NEW_PASSWORD } });
  const [older, newer] = [await mail(), await mail()];
  expect(await use(older)).toBe('reset_invalid');
  site.clock.move(3_600_000);
  expect(await use(newer)).toBe('reset_invalid');
  const third = await mail();
  await browser.ask('changePassword', { body: { current: PASSWORD, next: NEW_PASSWORD } });
  expect(await use(third)).toBe('reset_invalid');
  expect(await use('made up')).toBe('reset_invalid');
});

test('A2 neither the reply nor a mail reveals whether there is an account', async () => {
  await site.signUp(site.browser(), person('there@example.org'));
  const { length } = site.mailbox.mails;
  const times: Record<string, number[]> = { there: [], gone: [] };
  for (let round = 0; round < 5; round++) {
    for (const who of ['there', 'gone']) {
      const started = performance.now();
      expect(await site.browser().ask('askReset', { body: { email: `${who}@example.org` } })).toEqual({});
      times[who]?.push(performance.now() - started);
    }
  }
  for (const took of Object.values(times)) expect(Math.min(...took)).toBeGreaterThanOrEqual(245);
  const median = (list: number[] = []): number => list.sort((a, b) => a - b)[2] ?? 0;
  expect(Math.abs(median(times['there']) - median(times['gone']))).toBeLessThan(60);
  expect(site.mailbox.mails.slice(length).every(({ to }) => to.address === 'there@example.org')).toBe(true);
});

describe('A2 a new password ends everything that the old one opened, even if the store goes away right after it', () => {
  /** The store goes away in the moment in which the password is written. */
  const awayAfterTheChange = (): { restore: () => void } => {
    const change = site.users.changePassword.bind(site.users);
    const spy = jest.spyOn(site.users, 'changePassword').mockImplementation(async (...given) => {
      const isChanged = await change(...given);
      site.store.isAway = true;
      return isChanged;
    });
    return {
      restore: () => {
        spy.mockRestore();
        site.store.isAway = false;
      },
    };
  };
  /** An account on two devices, and a reset mail that was asked for. */
  const scene = async (email: string) => {
    const [browser, other] = [site.browser(), site.browser()];
    const { me } = await site.signUp(browser, person(email));
    await other.ask('logIn', { body: { email, password: PASSWORD } });
    await site.browser().ask('askReset', { body: { email } });
    return { browser, other, id: me.id, token: await site.mailbox.resetToken(email) };
  };
  const loggedOut: string[] = [];
  beforeAll(() =>
    site.accounts.accountEvents.on({
      loggedOut: (userId, logIns) => loggedOut.push(`${userId} ${JSON.stringify(logIns)}`),
    }),
  );

  test('A2 [A2.1] a change: it answers that it is done, other devices and the reset mail are over, this device goes on', async () => {
    const { browser, other, id, token } = await scene('half-change@example.org');
    const away = awayAfterTheChange();
    const code = await browser.codeOf('changePassword', { body: { current: PASSWORD, next: NEW_PASSWORD } });
    away.restore();
    expect(code).toBe('done');
    expect(await other.codeOf('devices')).toBe('log_in_first');
    const { devices } = await browser.ask('devices');
    expect(devices.map(({ isThis }) => isThis)).toEqual([true]);
    // Other nodes and open sockets hear of it at once.
    expect(loggedOut).toContain(`${id} ${JSON.stringify({ allBut: devices[0]?.id })}`);
    expect(await site.browser().codeOf('reset', { body: { token, password: 'a third password' } })).toBe(
      'reset_invalid',
    );
  });

  test('A2 [A2.1] a reset: every device is logged out, and the mail cannot be used for another password', async () => {
    const { browser, other, id, token } = await scene('half-reset@example.org');
    const away = awayAfterTheChange();
    const code = await site.browser().codeOf('reset', { body: { token, password: NEW_PASSWORD } });
    away.restore();
    expect(code).toBe('done');
    for (const device of [browser, other]) expect(await device.codeOf('devices')).toBe('log_in_first');
    expect(loggedOut).toContain(`${id} "all"`);
    expect(await site.browser().codeOf('reset', { body: { token, password: 'a third password' } })).toBe(
      'reset_invalid',
    );
    // A client that never got the reply repeats its request.
    expect(await site.browser().codeOf('reset', { body: { token, password: NEW_PASSWORD } })).toBe('done');
  });

  test('A2 [A2.1] a write whose reply was lost counts as what it is', async () => {
    const { browser, other } = await scene('lost-reply@example.org');
    const change = site.users.changePassword.bind(site.users);
    const spy = jest.spyOn(site.users, 'changePassword').mockImplementation(async (...given) => {
      await change(...given);
      throw new DomainError('records_unavailable', 'the reply was lost');
    });
    const code = await browser.codeOf('changePassword', { body: { current: PASSWORD, next: NEW_PASSWORD } });
    spy.mockRestore();
    expect(code).toBe('done');
    expect(await other.codeOf('devices')).toBe('log_in_first');
    expect(await browser.codeOf('devices')).toBe('done');
  });

  test('A3 logging all other devices out is one write as well', async () => {
    const { browser, other } = await scene('half-others@example.org');
    const removeAll = jest.spyOn(site.logIns, 'removeAll').mockImplementation(() => {
      throw new DomainError('records_unavailable', 'the store went away');
    });
    const code = await browser.codeOf('logOutOthers');
    removeAll.mockRestore();
    expect(code).toBe('done');
    expect(await other.codeOf('devices')).toBe('log_in_first');
    expect((await browser.ask('devices')).devices).toHaveLength(1);
  });
});

test('A2 a mail server that is away changes nothing in the reply', async () => {
  await site.signUp(site.browser(), person('nomail@example.org'));
  site.mailbox.failure = new MailError('EENVELOPE 550', false);
  expect(await site.browser().codeOf('askReset', { body: { email: 'nomail@example.org' } })).toBe('done');
  site.mailbox.failure = undefined;
});

test('A2 a log-in with the old password fails when the password changes meanwhile', async () => {
  const browser = site.browser();
  await site.signUp(browser, person('meanwhile@example.org'));
  const { me } = await browser.ask('me');
  const verify = site.passwords.verify.bind(site.passwords);
  const slow = jest.spyOn(site.passwords, 'verify').mockImplementation(async (hash, password) => {
    const fits = await verify(hash, password);
    // In the moment between the check and the log-in, its owner changes it elsewhere.
    const { passwordHash: onlyIf } = (await site.users.get(me?.id ?? '')) ?? {};
    const change = {
      passwordHash: await site.passwords.hash(NEW_PASSWORD),
      onlyIf: onlyIf ?? '',
      keptLogInId: null,
    };
    await site.users.changePassword(me?.id ?? '', change, site.clock.now());
    return fits;
  });
  const attacker = site.browser();
  expect(
    await attacker.codeOf('logIn', { body: { email: 'meanwhile@example.org', password: PASSWORD } }),
  ).toBe('wrong_credentials');
  slow.mockRestore();
  expect(attacker.cookies.size).toBe(0);
  expect(await site.collections.logIns.count({ userId: me?.id ?? '' })).toBe(1);
});

test('A2 a hash of older parameters is made anew at the next log-in', async () => {
  const browser = site.browser();
  const { me } = await site.signUp(browser, person('rehash@example.org'));
  const older = await Argon2Passwords.open({ memoryCost: 512, timeCost: 1, parallelism: 1 });
  const oldHash = await older.hash(PASSWORD);
  const present = (await site.users.get(me.id))?.passwordHash ?? '';
  await site.users.renewHash(me.id, oldHash, site.clock.now(), present);
  await browser.ask('logIn', { body: { email: 'rehash@example.org', password: PASSWORD } });
  for (let tries = 0; tries < 100; tries++) {
    if ((await site.users.get(me.id))?.passwordHash !== oldHash) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const hash = (await site.users.get(me.id))?.passwordHash ?? '';
  expect(site.passwords.isOutdated(hash)).toBe(false);
  expect(await browser.codeOf('logIn', { body: { email: 'rehash@example.org', password: PASSWORD } })).toBe(
    'done',
  );
});
