import { AccountStore } from '../../../client/src/api/account-store';
import { Api } from '../../../client/src/api/client';
import { RehearsalApi } from '../../../client/dev/rehearsal-api';
import { freshForm, profileOf } from '../../../client/src/landing/wishes-form';
import type { Cast } from '../../../client/dev/rehearsal-people';

function rehearse(cast: Cast = 'guest') {
  const done: string[] = [];
  const { fetch } = new RehearsalApi(cast);
  const api = new Api((input, init) => {
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
    const known = account.getKnown();
    return known.is === 'known' ? (known.me?.name ?? 'nobody') : known.is;
  };
  return { account, done, name };
}

const credentials = { email: 'mira@example.org', password: 'correct horse' };

describe('A2 who this browser is', () => {
  it('A2 is asked for, and kept when the server is away later', async () => {
    const { account, name } = rehearse('account');
    expect(name()).toBe('unasked');
    await account.refresh();
    expect(name()).toBe('Mira');
    const away = new AccountStore(new Api(() => Promise.reject(new Error('away'))), {
      before: () => Promise.resolve(),
      after: () => undefined,
    });
    await away.refresh();
    expect(away.getKnown()).toMatchObject({ is: 'failed', error: { wire: { code: 'disconnected' } } });
    expect(away.minimumAge).toBe(18);
  });

  it('A2 logs in: what waits goes out first, and the calls hear of it after', async () => {
    const { account, done, name } = rehearse();
    await account.logIn(credentials);
    expect(done).toEqual(['before', 'POST /api/account/log-in', 'after']);
    expect(name()).toBe('Mira');
  });

  it('A2 changes nothing when it is refused', async () => {
    const { account, done, name } = rehearse();
    await account.refresh();
    await expect(account.logIn({ ...credentials, password: 'wrong' })).rejects.toMatchObject({
      wire: { code: 'wrong_credentials' },
    });
    expect(name()).toBe('BoldOtter1187');
    expect(done).not.toContain('after');
  });

  it('A2 turns a guest into an account with their name, and takes their wishes along', async () => {
    const { account, done, name } = rehearse();
    await account.refresh();
    const wishes = profileOf({ ...freshForm(['de']), interests: ['tea'] });
    await account.register(
      { email: 'mira@example.org', password: 'long enough', birthDate: '1990-05-17', agreed: true },
      wishes,
    );
    expect(name()).toBe('BoldOtter1187');
    expect(account.getKnown()).toMatchObject({ me: { isAnonymous: false, profile: { interests: ['tea'] } } });
    expect(done.slice(1)).toEqual(['POST /api/account', 'PATCH /api/me', 'after']);
  });

  it('A2 is nobody after logging out and G1 after erasing, until the next greeting', async () => {
    const out = rehearse('account');
    await out.account.logOut();
    expect(out.name()).toBe('nobody');
    const erased = rehearse('account');
    await erased.account.refresh();
    const reply = await erased.account.erase('correct horse');
    expect(reply.kept.map(({ what }) => what)).toEqual(['reports', 'audit']);
    expect([erased.name(), erased.done.at(-1)]).toEqual(['nobody', 'after']);
  });

  it('P1 shows a changed plan at once', async () => {
    const { account } = rehearse('account');
    await account.refresh();
    await account.changePlan('tryPlan', { body: { planId: 'premium' } });
    expect(account.getKnown()).toMatchObject({ me: { plan: { status: 'trialing', leftMs: null } } });
  });

  it('A2 an answer that is older than a log-in does not undo it', async () => {
    const { account, name } = rehearse();
    const slow = account.refresh();
    await account.logIn(credentials);
    await slow;
    expect(name()).toBe('Mira');
  });
});
