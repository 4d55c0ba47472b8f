import { request as httpRequest } from 'node:http';
import { API, type ApiName } from '../../../src/protocol';
import { CookieJar } from '../../../src/http/cookies';
import { openSite, type Site } from '../../support/site';
import { PASSWORD, person, type ApiBrowser } from '../../support/api-browser';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

const NAMES = Object.keys(API) as ApiName[];
const isChange = (name: ApiName): boolean => API[name].method !== 'GET';
const at = { userId: 'guest_x', deviceId: 'x' };
const codeIn = async (response: Response): Promise<unknown> => {
  const content = (await response.json()) as { error?: { code?: string } };
  return content.error?.code;
};

describe('A2 every route requires its role', () => {
  const visitors: Record<string, () => Promise<ApiBrowser>> = {
    nobody: () => Promise.resolve(site.browser()),
    guest: async () => (await site.guest()).browser,
    account: async () => {
      const browser = site.browser();
      await site.signUp(browser, person(`access-${Math.random()}@example.org`));
      return browser;
    },
  };
  const mayEnter: Record<(typeof API)[ApiName]['role'], readonly string[]> = {
    anyone: ['nobody', 'guest', 'account'],
    user: ['guest', 'account'],
    account: ['account'],
  };
  test.each(NAMES)('%s', async (name) => {
    for (const [who, come] of Object.entries(visitors)) {
      const response = await (await come()).send(name, { at });
      const isRejected = (await codeIn(response)) === 'log_in_first';
      expect([name, who, isRejected]).toEqual([name, who, !mayEnter[API[name].role].includes(who)]);
      if (isRejected) expect(response.status).toBe(401);
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('A2 other sites cannot act in a user’s name', () => {
  const attacks: readonly (readonly [string, Record<string, string | undefined>])[] = [
    ['another site', { origin: 'https://evil.example' }],
    ['a site whose name begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed page', { origin: 'null' }],
    ['nothing at all', { origin: undefined }],
    ['a cross-site request without an origin', { origin: undefined, 'sec-fetch-site': 'cross-site' }],
    ['a sibling site', { origin: undefined, 'sec-fetch-site': 'same-site' }],
    [
      'another site, whatever else it says',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
    ['another scheme', { origin: 'ftp://127.0.0.1' }],
  ];
  test.each(NAMES.filter(isChange))('%s', async (name) => {
    const { browser } = await site.guest();
    for (const [words, headers] of attacks) {
      const response = await browser.send(name, { at, headers });
      expect([words, response.status, await codeIn(response)]).toEqual([words, 403, 'foreign_origin']);
    }
  });

  test('our own pages can, and those the operator names', async () => {
    const { browser } = await site.guest();
    for (const headers of [
      {},
      { origin: undefined, 'sec-fetch-site': 'same-origin' },
      { origin: 'https://allowed.example' },
    ]) {
      expect(await browser.codeOf('changeMe', { body: { name: 'Zoë' }, headers })).toBe('done');
    }
  });

  test('forms cannot: a body has to be JSON and said to be', async () => {
    const { browser } = await site.guest();
    for (const type of [
      undefined,
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
    ]) {
      const response = await browser.send('changeMe', {
        body: { name: 'Zoë' },
        headers: { 'content-type': type },
      });
      expect([type, response.status, await codeIn(response)]).toEqual([type, 400, 'bad_data']);
    }
    expect(
      await browser.codeOf('changeMe', {
        body: { name: 'Zoë' },
        headers: { 'content-type': 'application/json; charset=utf-8' },
      }),
    ).toBe('done');
  });

  test('reading changes nothing, and nothing is readable from elsewhere', async () => {
    const { browser } = await site.guest();
    const response = await browser.send('me', { headers: { origin: 'https://evil.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('S5 a request over TLS from a page of the same host without TLS is rejected', async () => {
  const browser = site.browser({ 'x-forwarded-proto': 'https' });
  expect(await browser.codeOf('logOut', { headers: { origin: site.url } })).toBe('foreign_origin');
  const page = site.url.replace('http:', 'https:');
  expect(await browser.codeOf('logOut', { headers: { origin: page } })).toBe('done');
});

describe('A1 cookies', () => {
  test('over TLS are sent over TLS alone, out of reach of scripts and other sites', async () => {
    for (const [proto, secure] of [
      ['https', true],
      ['http', false],
    ] as const) {
      const { browser } = await site.guest({
        'x-forwarded-proto': proto,
        origin: site.url.replace('http:', `${proto}:`),
      });
      await site.signUp(browser, person(`cookie-${proto}@example.org`));
      const cookie = browser.lastSetCookies.find((text) => text.startsWith('passerby_session=')) ?? '';
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(cookie).toMatch(/; Path=\//);
      expect(/; Secure/.test(cookie)).toBe(secure);
      // The cookie of the former guest is removed.
      expect(browser.lastSetCookies.some((text) => text.startsWith('passerby_guest=; Max-Age=0'))).toBe(true);
      expect(decodeURIComponent(cookie).split(/[=;]/)[1]).toHaveLength(43);
    }
  });

  test('A1 a forged guest cookie identifies no user', async () => {
    const { session } = await site.guest();
    const browser = site.browser();
    const other = new CookieJar(Buffer.alloc(32, 9));
    for (const cookie of [
      `passerby_guest=${session}`,
      `passerby_guest=${session}.AAAA`,
      other.guest(session, false).split(';')[0] ?? '',
    ]) {
      const response = await browser.send('me', { headers: { cookie } });
      expect(await response.json()).toMatchObject({ me: null });
    }
  });

  test('A1 an account’s id is not to be had by claiming to be its guest', async () => {
    const { browser, session } = await site.guest();
    const before = browser.twin();
    await site.signUp(browser, person('was-guest@example.org'));
    expect(await before.ask('me')).toMatchObject({ me: null });
    expect(await before.codeOf('changeMe', { body: { name: 'Not me' } })).toBe('log_in_first');
    expect(await site.guests.use(session, site.clock.now())).toBeNull();
  });
});

describe('S5 bodies', () => {
  /** Sends pieces of a body until there is a reply; returns it and how much was sent. */
  function flood(length: number | undefined): Promise<{ status: number; body: string; sent: number }> {
    return new Promise((resolve, reject) => {
      let sent = 0;
      let answered = false;
      const request = httpRequest(`${site.url}/api/account/log-in`, {
        method: 'POST',
        headers: {
          origin: site.url,
          'content-type': 'application/json',
          ...(length === undefined ? {} : { 'content-length': String(length) }),
        },
      });
      request.on('response', (response) => {
        answered = true;
        let body = '';
        response.on('data', (chunk: Buffer) => (body += String(chunk)));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body, sent });
          request.destroy();
        });
      });
      request.on('error', (error) => {
        if (!answered) reject(error);
      });
      const piece = Buffer.alloc(64 * 1024, 'a');
      const more = (): void => {
        if (answered || request.destroyed || sent >= 16 * 1024 * 1024) return;
        sent += piece.length;
        request.write(piece, () => setTimeout(more, 5));
      };
      more();
    });
  }

  test.each([
    ['that says so', 16 * 1024 * 1024],
    ['that comes in pieces', undefined],
  ])('a body of 16 MB %s is rejected before it is read', async (_, length) => {
    const { status, body, sent } = await flood(length);
    expect([status, JSON.parse(body)]).toEqual([
      413,
      { error: expect.objectContaining({ code: 'too_large' }) },
    ]);
    expect(sent).toBeLessThan(4 * 1024 * 1024);
  });

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${site.url}/api/account/log-in`, {
      method: 'POST',
      headers: { origin: site.url, 'content-type': 'application/json', ...headers },
      body,
    });

  test.each(['{', '{"email":', 'nonsense', '{"a":1}}', "{'a':1}", '\u0000'])(
    '%p is bad_json',
    async (body) => {
      const response = await post(body);
      expect([response.status, await codeIn(response)]).toEqual([400, 'bad_json']);
    },
  );

  test.each(['null', '[]', '"text"', '12', '{}', '', '{"email":5,"password":{}}'])(
    '%p is bad_data',
    async (body) => {
      const response = await post(body);
      expect([response.status, await codeIn(response)]).toEqual([400, 'bad_data']);
    },
  );

  test('what is wrong is named by its path, and never repeated', async () => {
    const response = await post(
      JSON.stringify({ email: 'secret-address', password: 5, __proto__: { admin: true } }),
    );
    const text = await response.text();
    expect(text).toContain('email, password');
    expect(text).not.toContain('secret-address');
  });

  test('a packed body is not unpacked', async () => {
    const response = await post('x', { 'content-encoding': 'gzip' });
    expect([response.status, await codeIn(response)]).toEqual([400, 'bad_data']);
  });
});

test('O1 unknown paths are not found, known ones name the methods they have', async () => {
  const unknown = await fetch(`${site.url}/api/nothing`);
  expect([unknown.status, await codeIn(unknown)]).toEqual([404, 'not_found']);
  const wrong = await fetch(`${site.url}/api/me`, { method: 'PUT' });
  expect([wrong.status, await codeIn(wrong), wrong.headers.get('allow')]).toEqual([
    405,
    'method_not_allowed',
    'GET, PATCH',
  ]);
  const broken = await fetch(`${site.url}/api/me/blocks/%E0%A4%A`, { headers: { origin: site.url } });
  expect(broken.status).toBe(400);
});

describe('A2 while the records are away', () => {
  let account: ApiBrowser;
  beforeAll(async () => {
    account = site.browser();
    await site.signUp(account, person('away@example.org'));
    await account.ask('me');
    site.store.isAway = true;
  });
  afterAll(() => {
    site.store.isAway = false;
  });

  test('requests are rejected with a time to try again', async () => {
    const bodies = {
      register: person('later@example.org'),
      logIn: { email: 'away@example.org', password: PASSWORD },
      askReset: { email: 'away@example.org' },
      confirmAccount: { token: 'x', password: PASSWORD },
      reset: { token: 'x', password: PASSWORD },
      changePassword: { current: PASSWORD, next: 'another password' },
    };
    const names: ApiName[] = [
      'me',
      'register',
      'confirmAccount',
      'logIn',
      'logOut',
      'askReset',
      'reset',
      'changeMe',
      'changePassword',
      'statistics',
      'blocks',
      'unblock',
      'devices',
      'logOutDevice',
      'logOutOthers',
      'plan',
      'export',
    ];
    for (const name of names) {
      const body = new Map<string, object>(Object.entries(bodies)).get(name);
      const response = await account
        .twin()
        .send(name, { at, ...(body === undefined ? {} : { body: body as never }) });
      expect([name, response.status, await response.json()]).toEqual([
        name,
        503,
        { error: expect.objectContaining({ code: 'records_unavailable', retryAfterMs: expect.any(Number) }) },
      ]);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });

  test('users who were here lately are still known, others are not taken for guests', async () => {
    const token = account.cookies.get('passerby_session') ?? null;
    expect(await site.accounts.identities.identify({ logIn: token, guest: null })).toMatchObject({
      isAnonymous: false,
    });
    await expect(
      site.accounts.identities.identify({ logIn: 'a token never seen', guest: null }),
    ).rejects.toMatchObject({ code: 'records_unavailable' });
    const { session, identity } = await site.guest();
    expect(await site.accounts.identities.identify({ logIn: null, guest: session })).toEqual(identity);
  });
});
