/// <reference lib="dom" />
import type { BrowserContext } from 'playwright-core';
import { INSECURE_HOST, type Visitor } from '../support/browser';
import { arrive, meet, party, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
}, 60_000);
afterEach(() => scene.sendHome());
afterAll(() => scene.close());

/** The browser keeps nothing: reading `localStorage`, `sessionStorage` or `indexedDB` throws, cookies are dropped. */
const blockSiteData = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('Access is denied for this document.', 'SecurityError');
        },
      });
    }
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => undefined });
  });

/** There is no room for one more byte: what is stored can be read and removed. */
const fillStorage = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('Setting the value exceeded the quota.', 'QuotaExceededError');
    };
  });

/** The page as somebody finds it who opens it by plain HTTP under the name of a machine. */
async function arriveInsecurely(): Promise<Visitor> {
  const visitor = await scene.browsers.visit(scene.node.url.replace(/localhost|127\.0\.0\.1/, INSECURE_HOST));
  scene.visitors.push(visitor);
  return visitor;
}

async function write(from: Visitor, to: Visitor, text: string): Promise<void> {
  await from.page.getByTestId('chat-input').fill(text);
  await from.page.getByTestId('chat-send').click();
  await to.page.getByTestId('chat-log').getByText(text).waitFor({ timeout: 10_000 });
}

async function chooseText({ page }: Visitor): Promise<void> {
  await page.getByRole('radio', { name: /text/i }).check({ force: true });
  await page.getByTestId('agree').check();
}

test('C3 S1 over plain HTTP two people can write to each other, and are told why there is no video', async () => {
  const [ann, bob] = [await arriveInsecurely(), await arriveInsecurely()];
  expect(await ann.page.evaluate(() => [isSecureContext, 'randomUUID' in crypto])).toEqual([false, false]);
  // No button offers what cannot work here.
  expect(await ann.page.locator('button.win__try').count()).toBe(0);
  await ann.page.getByText('This page has no secure connection').first().waitFor();
  for (const visitor of [ann, bob]) await chooseText(visitor);
  for (const { page } of [ann, bob]) await page.getByTestId('meet-button').click();
  // In text nobody sees anybody, so there is nothing to accept first.
  for (const { page } of [ann, bob]) await page.getByTestId('chat-input').waitFor({ timeout: 20_000 });
  await write(ann, bob, 'Hello from a plain page');
  await write(bob, ann, 'And back again');
  await ann.page.locator('[data-testid=message][data-state=read]').waitFor();
  // The browser says itself that it ignores a header which needs TLS.
  for (const { complaints } of [ann, bob])
    expect(complaints.filter((line) => !line.includes('Cross-Origin-Opener-Policy'))).toEqual([]);
}, 90_000);

test.each([
  ['site data is blocked', blockSiteData],
  ['the storage is full', fillStorage],
] as const)(
  'C3 S4 where %s, people meet, write, and keep their partner over a lost connection',
  async (_title, before) => {
    const [ann, bob] = [await arrive(scene, 'red', { before }), await arrive(scene, 'blue', { before })];
    await meet(ann, bob);
    await write(ann, bob, 'Nothing is kept here');
    // The place is kept by what the page itself knows, since the tab stores nothing.
    await ann.context.setOffline(true);
    await ann.page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await bob.page
      .getByText(/connection|back/i)
      .first()
      .waitFor({ timeout: 15_000 });
    await ann.context.setOffline(false);
    await write(bob, ann, 'Are you back?');
    await ann.page.getByRole('button', { name: 'Mute' }).click();
    await ann.page.getByRole('button', { name: 'Unmute' }).waitFor();
    for (const { complaints } of [ann, bob])
      expect(complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
  },
  90_000,
);

/** Answers with 404 for files whose name fits, and counts how often the page itself was loaded. */
async function withoutFiles(fits: RegExp, place = '/', locale?: string) {
  const loads = { count: 0 };
  const before = async (context: BrowserContext): Promise<void> => {
    await context.route(fits, (route) => route.fulfill({ status: 404, body: 'gone' }));
    context.on('request', (request) => {
      if (request.isNavigationRequest()) loads.count += 1;
    });
  };
  const url = new URL(place, scene.node.url).href;
  const visitor = await scene.browsers.visit(url, { before, ...(locale === undefined ? {} : { locale }) });
  scene.visitors.push(visitor);
  return { page: visitor.page, loads };
}

test.each([
  ['script', /\/assets\/[^/]*\.js$/, '/'],
  ['script, of the moderators', /\/assets\/[^/]*\.js$/, '/console'],
  ['style', /\/assets\/[^/]*\.css$/, '/'],
] as const)('C3 a page whose first %s is gone loads once more, then says so', async (_what, fits, place) => {
  const { page, loads } = await withoutFiles(fits, place);
  await page.getByText('could not be loaded in full').waitFor({ timeout: 15_000 });
  expect(await page.locator('#trouble [lang=de]').count()).toBe(0);
  await page.waitForTimeout(2_000);
  expect(loads.count).toBe(2);
});

test('C3 a page whose part is gone loads once more, then says so and offers to load it again', async () => {
  const { page, loads } = await withoutFiles(/\/assets\/PlansPage[^/]*\.js$/, '/plans');
  await page.getByTestId('page-reload').waitFor({ timeout: 15_000 });
  await page.getByText('It was probably updated just now').waitFor();
  expect(loads.count).toBe(2);
  expect(await page.locator('#trouble').isVisible()).toBe(false);
});

test('C3 a page whose style of a part is gone does not stay blank', async () => {
  const { page, loads } = await withoutFiles(/\/assets\/PlansPage[^/]*\.css$/, '/plans');
  await page.getByTestId('page-reload').waitFor({ timeout: 15_000 });
  expect(loads.count).toBe(2);
});

test('C3 without the words of a language, and while they are late, the page speaks English', async () => {
  const { page, loads } = await withoutFiles(/\/assets\/de[-.][^/]*\.js$/, '/', 'de-DE');
  await page.getByTestId('meet-button').waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
  expect(loads.count).toBe(1);
  const late = async (context: BrowserContext): Promise<void> =>
    void (await context.route(/\/assets\/de[-.][^/]*\.js$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      await route.continue();
    }));
  const other = await scene.browsers.visit(scene.node.url, { before: late, locale: 'de-DE' });
  scene.visitors.push(other);
  await other.page.getByTestId('meet-button').waitFor({ timeout: 5_500 });
  expect(await other.page.locator('html').getAttribute('lang')).toBe('en');
  await other.page.locator('html[lang=de]').waitFor({ timeout: 15_000 });
});

test('C3 where the page stores nothing, a missing script still leads to one more load and no loop', async () => {
  const loads = { count: 0 };
  const before = async (context: BrowserContext): Promise<void> => {
    await blockSiteData(context);
    await context.route(/\/assets\/[^/]*\.js$/, (route) => route.fulfill({ status: 404, body: 'gone' }));
    context.on('request', (request) => {
      if (request.isNavigationRequest()) loads.count += 1;
    });
  };
  const { page } = await scene.browsers.visit(scene.node.url, { before });
  await page.getByText('could not be loaded in full').waitFor({ timeout: 15_000 });
  await page.waitForTimeout(1_500);
  expect(loads.count).toBe(2);
});
