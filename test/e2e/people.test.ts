/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import type { Visitor } from '../support/browser';
import { mailsIn, tokenTo } from '../support/sign-up';
import { arrive, party, sayYes, type Party } from '../support/party';

/** One step, at which a recent partner is met again when nobody else waits: so only a block can keep two apart. */
const MATCH_STEPS = JSON.stringify([{ afterMs: 0, minScore: 0, circle: 'anyone' }]);
const PASSWORD = 'correct horse battery staple';

let scene: Party;
beforeAll(async () => void (scene = await party({ MATCH_STEPS })), 60_000);
afterEach(() => scene.sendHome());
afterAll(() => scene.close());

const meOf = (visitor: Visitor): Promise<{ id: string; name: string; isAnonymous: boolean } | null> =>
  visitor.page.evaluate(async () => (await (await fetch('/api/me')).json()).me);

const openPage = async ({ page }: Visitor, place: string): Promise<void> => {
  await page.goto(new URL(place, page.url()).href);
};

async function register(visitor: Visitor, email: string): Promise<void> {
  const { page } = visitor;
  await openPage(visitor, '/account#register');
  await page.getByTestId('register-email').fill(email);
  await page.getByTestId('register-password').fill(PASSWORD);
  await page.getByTestId('register-birth').fill('1990-05-04');
  await page.getByTestId('register-agree').check();
  await page.getByTestId('register-button').click();
  const token = await tokenTo(mailsIn(scene.node.dataDir), email, 'confirm');
  await openPage(visitor, `/account/confirm#token=${token}`);
  await page.getByTestId('confirm-password').fill(PASSWORD);
  await page.getByTestId('confirm-button').click();
  await page.getByTestId('logout-button').waitFor();
}

async function logIn(visitor: Visitor, email: string, password = PASSWORD): Promise<void> {
  const { page } = visitor;
  await openPage(visitor, '/account');
  await page.getByTestId('login-email').fill(email);
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-button').click();
}

const logOut = async ({ page }: Visitor): Promise<void> => {
  await page.getByTestId('logout-button').click();
  await page.getByTestId('login-button').waitFor();
};

/** Back to the landing page, the rules agreed to. */
async function home(visitor: Visitor): Promise<void> {
  await openPage(visitor, '/');
  await visitor.page.getByTestId('agree').check();
}

async function meet(...pair: readonly Visitor[]): Promise<void> {
  for (const { page } of pair) await page.getByTestId('meet-button').click();
  await sayYes(...pair);
}

/** No console errors but those that a refused request makes the browser print. */
const complaintsOf = ({ complaints }: Visitor): string[] =>
  complaints.filter((line) => !/status of 401|status of 409|status of 429/.test(line));

test('A2 a guest registers and stays who they are, logs out, logs in, is refused with a wrong password', async () => {
  const anna = await arrive(scene, 'red');
  await anna.page.getByTestId('menu-button').waitFor();
  const before = await meOf(anna);
  await register(anna, 'Anna@Example.org');
  const after = await meOf(anna);
  expect(after).toMatchObject({ id: before?.id, name: before?.name, isAnonymous: false });
  await logOut(anna);
  expect((await meOf(anna))?.id).not.toBe(before?.id);
  await logIn(anna, 'anna@example.org', 'something else entirely');
  await anna.page.getByText('The email address or the password is not correct.').first().waitFor();
  await logIn(anna, 'anna@example.org');
  await anna.page.getByTestId('logout-button').waitFor();
  expect((await meOf(anna))?.id).toBe(before?.id);
  expect(complaintsOf(anna)).toEqual([]);
}, 90_000);

test('P1 a plan runs out during a call: said before, said when it happens, and still so on the landing page', async () => {
  const [anna, ben] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await register(anna, 'minutes@example.org');
  await home(anna);
  await meet(anna, ben);
  const me = await meOf(anna);
  const person = scene.node.parts.peers.get(me?.id ?? '');
  // All but ten seconds of the day's 240 minutes.
  person?.allowance.count(240 * 60_000 - 10_000, Date.now());
  await anna.page.getByTestId('minutes-low').waitFor({ timeout: 5_000 });
  await anna.page.getByTestId('ended-plans').waitFor({ timeout: 20_000 });
  // Whose minutes ended is nobody else's business.
  expect(await ben.page.locator('body').innerText()).not.toMatch(/plan|minutes/i);
  await anna.page.getByTestId('ended-plans').click();
  await anna.page.getByTestId('plan-left').waitFor();
  await home(anna);
  await anna.page.getByTestId('meet-button').click();
  await anna.page.getByTestId('notice-plans').waitFor();
}, 90_000);

test('M2 who was blocked is never met again, until the block is taken back', async () => {
  const [anna, ben] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await register(anna, 'blocks@example.org');
  await home(anna);
  await meet(anna, ben);
  await anna.page.getByTestId('next-button').click();
  // Nobody else is here, so they meet again at once.
  await sayYes(anna, ben);
  await anna.page.keyboard.press('b');
  await anna.page.locator('.btn--fill-danger').click();
  await anna.page.getByTestId('stop-button').first().click();
  await home(anna);
  await anna.page.getByTestId('meet-button').click();
  // Both look for somebody all the while, and nobody else is here: so only the block keeps them apart.
  const searching = (): number => scene.node.parts.liveStats.now().searching;
  for (let look = 0; searching() < 2 && look < 100; look += 1) await anna.page.waitForTimeout(100);
  expect(searching()).toBe(2);
  await anna.page.waitForTimeout(6_000);
  expect(await anna.page.getByTestId('accept-button').count()).toBe(0);
  expect(scene.node.parts.calls.size).toBe(0);
  expect(searching()).toBe(2);
  await anna.page.getByTestId('stop-button').first().click();
  await openPage(anna, '/blocks');
  await anna.page.getByTestId('block-list-item').waitFor();
  await anna.page.getByTestId('unblock-button').click();
  await anna.page.getByTestId('undo-button').waitFor();
  // It is taken back when nobody has undone that for ten seconds.
  await anna.page.waitForTimeout(11_000);
  await home(anna);
  await anna.page.getByTestId('meet-button').click();
  await sayYes(anna, ben);
}, 120_000);

test('G1 a person takes everything that is kept of them along, and is erased', async () => {
  const anna = await arrive(scene, 'red');
  await register(anna, 'gone@example.org');
  await openPage(anna, '/privacy');
  const [download] = await Promise.all([
    anna.page.waitForEvent('download'),
    anna.page.getByTestId('export-button').click(),
  ]);
  const taken = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(taken).toMatchObject({ account: { email: 'gone@example.org' } });
  expect(JSON.stringify(taken)).not.toMatch(/argon2|passwordHash|tokenHash/);
  await anna.page.getByTestId('erase-button').click();
  await anna.page.getByTestId('erase-password').fill(PASSWORD);
  await anna.page.getByTestId('erase-confirm').click();
  await anna.page.getByTestId('erased').waitFor();
  await logIn(anna, 'gone@example.org');
  await anna.page.getByText('The email address or the password is not correct.').first().waitFor();
  expect(await scene.node.parts.records.collections.users.count({ email: 'gone@example.org' })).toBe(0);
}, 90_000);

test('A2 a forgotten password is chosen anew by a letter, which works once', async () => {
  const anna = await arrive(scene, 'red');
  await register(anna, 'forgot@example.org');
  await logOut(anna);
  await openPage(anna, '/account#forgotten');
  await anna.page.getByTestId('forgotten-email').fill('forgot@example.org');
  await anna.page.getByTestId('forgotten-button').click();
  await anna.page.getByTestId('forgotten-sent').waitFor();
  const token = await tokenTo(mailsIn(scene.node.dataDir), 'forgot@example.org', 'reset');
  await openPage(anna, `/account/reset#token=${token}`);
  await anna.page.getByTestId('reset-password').fill('a different one, and long');
  await anna.page.getByTestId('reset-button').click();
  await anna.page.getByTestId('reset-password').waitFor({ state: 'detached' });
  await logIn(anna, 'forgot@example.org', 'a different one, and long');
  await anna.page.getByTestId('logout-button').waitFor();
}, 90_000);
