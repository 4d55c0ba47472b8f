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
