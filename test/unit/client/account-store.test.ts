import { AccountStore } from '../../../client/src/api/account-store';
import { ApiClient } from '../../../client/src/api/api-client';
import { FakeApi } from '../../../client/gallery/fake-api';
import { freshForm, profileOf } from '../../../client/src/chat/wishes/wishes-form';
import type { FakeUser } from '../../../client/gallery/fake-users';

function setUp(cast: FakeUser = 'guest') {
  const done: string[] = [];
  const { fetch } = new FakeApi(cast);
  const api = new ApiClient((input, init) => {
    done.push(`${init?.method} ${String(input)}`);
    return fetch(input, init);
  });
  const account = new AccountStore(api, {
    before: () => {
      done.push('before');
      return Promise.resolve();
    },
    after: () => done.push('after'),
  });
  const name = (): string | undefined => {
    const known = account.getState();
    return known.is === 'known' ? (known.me?.name ?? 'nobody') : known.is;
  };
  return { account, done, name };
}

const credentials = { email: 'mira@example.org', password: 'correct horse' };

describe('A2 who this browser is', () => {
  it('A2 is asked for, and kept when the server is away later', async () => {
    const { account, name } = setUp('account');
    expect(name()).toBe('unasked');
    await account.refresh();
    expect(name()).toBe('Mira');
    const away = new AccountStore(new ApiClient(() => Promise.reject(new Error('away'))), {
      before: () => Promise.resolve(),
      after: () => undefined,
    });
    await away.refresh();
    expect(away.getState()).toMatchObject({ is: 'failed', error: { details: { code: 'disconnected' } } });
    expect(away.minimumAge).toBe(18);
  });

  it('A2 logs in: what waits goes out first, and the calls hear of it after', async () => {
    const { account, done, name } = setUp();
    await account.logIn(credentials);
    expect(done).toEqual(['before', 'POST /api/account/log-in', 'after']);
    expect(name()).toBe('Mira');
  });

  it('A2 changes nothing when it is refused', async () => {
    const { account, done, name } = setUp();
    await account.refresh();
    await expect(account.logIn({ ...credentials, password: 'wrong' })).rejects.toMatchObject({
      details: { code: 'wrong_credentials' },
    });
    expect(name()).toBe('BoldOtter1187');
    expect(done).not.toContain('after');
  });

  it('A2 turns a guest into an account with their name, and takes their wishes along', async () => {
    const { account, done, name } = setUp();
    await account.refresh();
    const wishes = profileOf({ ...freshForm(['de']), interests: ['tea'] });
    await account.confirm({ token: 'abc', password: 'correct horse' }, wishes);
    expect(name()).toBe('BoldOtter1187');
    expect(account.getState()).toMatchObject({ me: { isAnonymous: false, profile: { interests: ['tea'] } } });
    expect(done.slice(1)).toEqual(['before', 'POST /api/account/confirm', 'PATCH /api/me', 'after']);
  });

  it('A2 leaves the wishes of an account alone that another browser has registered', async () => {
    const { account, done } = setUp();
    await account.confirm({ token: 'abc', password: 'correct horse' }, profileOf(freshForm(['de'])));
    expect(done).toEqual(['before', 'POST /api/account/confirm', 'after']);
  });

  it('A2 is nobody after logging out and G1 after erasing, until the next handshake', async () => {
    const out = setUp('account');
    await out.account.logOut();
    expect(out.name()).toBe('nobody');
    const erased = setUp('account');
    await erased.account.refresh();
    const reply = await erased.account.erase('correct horse');
    expect(reply.kept.map(({ what }) => what)).toEqual(['reports', 'audit']);
    expect([erased.name(), erased.done.at(-1)]).toEqual(['nobody', 'after']);
  });

  it('P1 shows a changed plan at once', async () => {
    const { account } = setUp('account');
    await account.refresh();
    await account.changePlan('tryPlan', { body: { planId: 'premium' } });
    expect(account.getState()).toMatchObject({ me: { plan: { status: 'trialing', leftMs: null } } });
  });

  it('A2 an answer that is older than a log-in does not undo it', async () => {
    const { account, name } = setUp();
    const slow = account.refresh();
    await account.logIn(credentials);
    await slow;
    expect(name()).toBe('Mira');
  });
});
