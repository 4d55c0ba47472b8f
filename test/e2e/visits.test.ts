/// <reference lib="dom" />
import { Browsers, type Visitor } from '../support/browser';
import { startNode, type TestNode } from '../support/node';

let node: TestNode;
const browsers = new Browsers();
let visitor: Visitor;

beforeAll(async () => void (node = await startNode()), 60_000);
beforeEach(async () => void (visitor = await browsers.visit(node.url)), 30_000);
afterEach(() => visitor.close());
afterAll(async () => {
  await browsers.close();
  await node?.close();
});

describe('C2 the agreement to the rules', () => {
  const isAgreed = (): Promise<boolean> => visitor.page.getByTestId('agree').isChecked();

  test('C2 is given once: on the second visit one click begins the search', async () => {
    const { page } = visitor;
    await page.getByTestId('meet-button').click();
    await page.getByText('Tick this box first').waitFor();
    await page.getByTestId('agree').check();
    await page.reload();
    expect(await isAgreed()).toBe(true);
    await page.getByTestId('meet-button').click();
    await page.getByTestId('stop-button').waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  test('C2 can be taken back, and is asked for again when the rules have changed', async () => {
    const { page } = visitor;
    await page.getByTestId('agree').check();
    await page.getByTestId('agree').uncheck();
    await page.reload();
    expect(await isAgreed()).toBe(false);
    await page.getByTestId('agree').check();
    await page.evaluate(() => {
      const agreement = JSON.parse(localStorage.getItem('passerby.agreement') ?? '{}') as object;
      localStorage.setItem('passerby.agreement', JSON.stringify({ ...agreement, version: 'of last year' }));
    });
    await page.reload();
    expect(await isAgreed()).toBe(false);
  });

  test('C2 is forgotten with everything else that the browser has stored', async () => {
    const { page } = visitor;
    await page.getByTestId('agree').check();
    await page.getByTestId('clear-button').click();
    expect(await isAgreed()).toBe(false);
    await page.reload();
    expect(await isAgreed()).toBe(false);
  });
});

describe('M10 alone', () => {
  const search = async (): Promise<Visitor['page']> => {
    const { page } = visitor;
    await page.getByTestId('agree').check();
    await page.getByTestId('meet-button').click();
    await page.getByRole('heading', { name: 'Nobody else is here right now' }).waitFor();
    return page;
  };

  test('M10 shows no figure about oneself, and offers the mode in which somebody waits', async () => {
    const page = await search();
    expect(await page.locator('.facts').count()).toBe(0);
    const other = await browsers.visit(node.url);
    await other.page.getByTestId('agree').check();
    await other.page.getByText('Text', { exact: true }).click();
    await other.page.getByTestId('meet-button').click();
    await page.getByText('1 person is waiting for text').waitFor();
    await page.getByTestId('switch-text').click();
    for (const each of [page, other.page]) await each.getByTestId('chat-input').waitFor();
    expect([...visitor.complaints, ...other.complaints]).toEqual([]);
    await other.close();
  });

  test('M10 passes on the link to this site', async () => {
    const { context } = visitor;
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await search();
    await page.getByTestId('invite-button').click();
    await page.getByText('Link copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${node.url}/`);
  });

  test('M10 a notification tells a hidden tab that somebody came, once it is asked for', async () => {
    const { context } = visitor;
    await context.grantPermissions(['notifications']);
    // Chromium without a screen shows no notification, and its tabs are never hidden.
    await context.addInitScript(() => {
      const shown: string[] = [];
      Object.assign(window, {
        shownNotifications: shown,
        Notification: class {
          static permission = 'default';
          static requestPermission(): Promise<string> {
            this.permission = 'granted';
            return Promise.resolve('granted');
          }
          constructor(title: string) {
            if (window.Notification.permission === 'granted') shown.push(title);
          }
          close(): void {
            shown.push('closed');
          }
        },
      });
    });
    await visitor.page.reload();
    const page = await search();
    await page.getByTestId('notify-button').click();
    await page.locator('[data-testid=notify-button][aria-pressed=true]').waitFor();
    const setHidden = (hidden: boolean): Promise<void> =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await setHidden(true);
    const other = await browsers.visit(node.url);
    await other.page.getByTestId('agree').check();
    await other.page.getByTestId('meet-button').click();
    await page.getByTestId('accept-button').waitFor();
    const shown = (): Promise<string[]> =>
      page.evaluate(() => (window as unknown as { shownNotifications: string[] }).shownNotifications);
    expect(await shown()).toEqual([expect.stringMatching(/^\w+\d{4} is here$/)]);
    await setHidden(false);
    expect((await shown()).at(-1)).toBe('closed');
    await other.close();
  });
});

describe('C1 an address that no page has', () => {
  test('C1 says so with the status 404, and has a way home', async () => {
    const { page } = visitor;
    const response = await page.goto(`${node.url}/profiles/mira`);
    expect(response?.status()).toBe(404);
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
    expect(await page.title()).toBe('Page not found · Passerby');
    await page.getByTestId('home-link').click();
    await page.getByTestId('meet-button').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('C1 is not what the address of the built file is', async () => {
    const { page } = visitor;
    await page.goto(`${node.url}/index.html`);
    await page.getByTestId('meet-button').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });
});
