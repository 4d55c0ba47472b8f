/// <reference lib="dom" />
import { arrive, meet, party, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
}, 90_000);
afterAll(() => scene?.close());

test('C2 V4 a voice call says who speaks, from what arrives of their sound, and who is muted', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  for (const { page } of [ann, bob]) await page.locator('input[value=audio]').check({ force: true });
  await meet(ann, bob);
  // The microphones of the test browsers beep once a second.
  for (const { page } of [ann, bob]) {
    await page.locator('[data-testid=speaking][data-on=true]').waitFor({ timeout: 20_000 });
  }
  await ann.page.keyboard.press('m');
  await bob.page.getByTestId('speaking').waitFor({ state: 'detached' });
  await ann.page.keyboard.press('m');
  await bob.page.locator('[data-testid=speaking][data-on=true]').waitFor({ timeout: 20_000 });
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
}, 120_000);
