import { openSite, type Site } from '../../support/site';
import { tokenTo } from '../../support/sign-up';
import { PASSWORD, person, type ApiBrowser } from '../../support/api-browser';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

/** What the records have of a user, and of anybody at all who could become one. */
async function left(id: string): Promise<Record<string, number>> {
  const { users, logIns, registrations } = site.collections;
  return {
    users: await users.count({ _id: id }),
    accounts: await users.count({ isAnonymous: false }),
    logIns: await logIns.count({ userId: id }),
    registrations: await registrations.count({}),
  };
}

test('G1 [G1.1] a confirmation that was on its way does not bring back an account that is erased meanwhile', async () => {
  const browser = site.browser();
  const { me } = await site.signUp(browser, person('ada@example.org', { name: 'Ada' }));
  const token = await tokenTo(site.mailbox, 'ada@example.org', 'confirm');
  const { passwords } = site;
  const verify = passwords.verify.bind(passwords);
  jest.spyOn(passwords, 'verify').mockImplementationOnce(async (hash, password) => {
    await browser.ask('erase', { body: { password: PASSWORD } });
    return verify(hash, password);
  });
  const late = site.browser();
  expect(await late.codeOf('confirmAccount', { body: { token, password: PASSWORD } })).toBe(
    'confirmation_invalid',
  );
  expect(late.cookies.size).toBe(0);
  expect(await left(me.id)).toEqual({ users: 0, accounts: 0, logIns: 0, registrations: 0 });
  expect(await late.codeOf('logIn', { body: { email: 'ada@example.org', password: PASSWORD } })).toBe(
    'wrong_credentials',
  );
});

test('G1 [G1.1] a log-in that an erasure overtakes is refused as one without an account, and is no error of ours', async () => {
  const asked = {
    confirmAccount: async (late: ApiBrowser): Promise<string> => {
      const token = await tokenTo(site.mailbox, 'ada@example.org', 'confirm');
      return late.codeOf('confirmAccount', { body: { token, password: PASSWORD } });
    },
    logIn: (late: ApiBrowser): Promise<string> =>
      late.codeOf('logIn', { body: { email: 'ada@example.org', password: PASSWORD } }),
  };
  const codes: string[] = [];
  for (const ask of [asked.confirmAccount, asked.logIn]) {
    const browser = site.browser();
    await site.signUp(browser, person('ada@example.org', { name: 'Ada' }));
    const { identities } = site.accounts;
    const identify = identities.identify.bind(identities);
    let isErased = false;
    const spy = jest.spyOn(identities, 'identify').mockImplementation(async (credentials) => {
      if (credentials.logIn !== null && !isErased) {
        isErased = true;
        await browser.ask('erase', { body: { password: PASSWORD } });
      }
      return identify(credentials);
    });
    const late = site.browser();
    codes.push(await ask(late));
    spy.mockRestore();
    expect(late.cookies.size).toBe(0);
  }
  expect(codes).toEqual(['confirmation_invalid', 'wrong_credentials']);
  expect(site.logged()).not.toContain('"level":50');
});

test('G1 [G1.1] a registration that was on its way does not outlive the erasure of its guest', async () => {
  const { browser, identity } = await site.guest();
  const { passwords } = site;
  const hash = passwords.hash.bind(passwords);
  jest.spyOn(passwords, 'hash').mockImplementationOnce(async (password) => {
    await browser.twin().ask('erase', { body: {} });
    return hash(password);
  });
  const code = await browser.codeOf('register', { body: person('ada@example.org', { name: 'Ada' }) });
  expect(code).toBe('not_found');
  expect(await left(identity.userId)).toEqual({ users: 0, accounts: 0, logIns: 0, registrations: 0 });
  expect(await site.mailbox.to('ada@example.org')).toEqual([]);
});
