import { errors } from 'playwright-core';
import type { VisitOptions, Visitor } from '../support/browser';
import { eventually } from '../support/eventually';
import { answerNext, liveKinds, mediaOf, sentWithin, spyOnMedia, untilLive } from '../support/media-spy';
import { arrive, colourSeen, meet, party, sayYes, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
});
afterAll(() => scene.close());
afterEach(() => scene.sendHome());

/** A visitor whose devices are counted, in a browser that keeps sound off until somebody presses something. */
const come = (camera: 'red' | 'blue', options: VisitOptions = {}): Promise<Visitor> =>
  arrive(scene, camera, { before: spyOnMedia, ...options });

const choose = (visitor: Visitor, mode: 'Video' | 'Voice' | 'Text'): Promise<void> =>
  visitor.page.locator('.seg__one', { hasText: mode }).click();

const preview = async ({ page }: Visitor): Promise<void> => {
  const button = page.getByRole('button', { name: 'Test camera and microphone' });
  // The page opens the devices itself where it may. Then the button is gone at some moment, and need not be pressed.
  await button.click({ timeout: 2_000 }).catch((error: unknown) => {
    if (!(error instanceof errors.TimeoutError)) throw error;
  });
  await untilLive(page, 'audio+video');
};

const expectNone = ({ page }: Visitor, text: string): Promise<void> =>
  page.waitForFunction((gone) => !document.body.innerText.includes(gone), text).then(() => undefined);

test('V4 the mode decides what is open: voice closes the camera, text both, another page everything', async () => {
  const ann = await come('red');
  const { page } = ann;
  await preview(ann);
  await choose(ann, 'Voice');
  await untilLive(page, 'audio');
  await choose(ann, 'Text');
  await untilLive(page, '');
  expect((await mediaOf(page)).peersOpen).toBe(0);
  await choose(ann, 'Video');
  await preview(ann);
  await page.getByTestId('menu-button').click();
  await page.getByTestId('menu-plans').click();
  await untilLive(page, '');
  expect(ann.complaints).toEqual([]);
}, 60_000);

test('V4 [V4.1] no video leaves in a voice call, whatever was open before it; Stop and a text call leave nothing open', async () => {
  const [ann, bob] = [await come('red'), await come('blue')];
  for (const visitor of [ann, bob]) {
    await preview(visitor);
    await choose(visitor, 'Voice');
  }
  await meet(ann, bob);
  for (const { page } of [ann, bob]) {
    await untilLive(page, 'audio');
    const sent = await sentWithin(page, 2_000);
    expect(sent.video).toBe(0);
    expect(sent.audio).toBeGreaterThan(0);
  }
  await ann.page.getByTestId('stop-button').click();
  await choose(ann, 'Text');
  await untilLive(ann.page, '');
  const { opened, stopped, peersOpen } = await mediaOf(ann.page);
  expect([stopped, peersOpen]).toEqual([opened, 0]);
}, 90_000);

test('V4 a device that ends in a call is had back by its control, and the partner is told what is missing', async () => {
  const [ann, bob] = [await come('red'), await come('blue')];
  await meet(ann, bob);
  await ann.page.evaluate(() => window.mediaSpy.end('video'));
  await bob.page.getByText('Their camera is off').last().waitFor();
  await ann.page.getByTestId('notice').getByText('Your camera was disconnected').waitFor();
  await ann.page.getByRole('button', { name: 'Camera on' }).click();
  await untilLive(ann.page, 'audio+video');
  expect((await colourSeen(bob)).colour).toBe('red');
  await expectNone(ann, 'Your camera was disconnected');
  // Another microphone goes on by itself.
  await ann.page.evaluate(() => window.mediaSpy.end('audio'));
  await ann.page.getByTestId('notice').getByText('Another one is in use now').waitFor();
  await untilLive(ann.page, 'audio+video');
  await expectNone(bob, 'Their microphone is off');
  // It ends, too, so that there is none until the person asks for one.
  await ann.page.evaluate(() => window.mediaSpy.end('audio'));
  await bob.page.getByText('Their microphone is off').last().waitFor();
  await ann.page.keyboard.press('m');
  await untilLive(ann.page, 'audio+video');
  await expectNone(bob, 'Their microphone is off');
  expect(ann.complaints).toEqual([]);
}, 90_000);

test('V4 an interruption by the system is told to both, and over when it is over', async () => {
  const [ann, bob] = [await come('red'), await come('blue')];
  await meet(ann, bob);
  await ann.page.evaluate(() => window.mediaSpy.interrupt('video', true));
  await bob.page.getByText('Their camera is off').last().waitFor();
  await ann.page.getByTestId('notice').getByText('Your device has paused the camera').waitFor();
  await ann.page.evaluate(() => window.mediaSpy.interrupt('video', false));
  await expectNone(bob, 'Their camera is off');
  await expectNone(ann, 'Your device has paused the camera');
  await ann.page.evaluate(() => window.mediaSpy.interrupt('audio', true));
  await bob.page.getByText('Their microphone is off').last().waitFor();
  await ann.page.evaluate(() => window.mediaSpy.interrupt('audio', false));
  await expectNone(bob, 'Their microphone is off');
}, 90_000);

test('C3 a browser that never answers is told of, voice asks anew, and what comes late is closed', async () => {
  const [ann, bob] = [await come('red'), await come('blue')];
  await choose(ann, 'Text');
  await untilLive(ann.page, '');
  const before = (await mediaOf(ann.page)).asked.length;
  await answerNext(ann.page, { hangs: true });
  await choose(ann, 'Video');
  await ann.page.getByTestId('meet-button').click();
  await ann.page.getByText('Your browser has not opened the camera yet').first().waitFor({ timeout: 20_000 });
  await ann.page.getByRole('button', { name: 'Continue with voice only' }).click();
  await choose(bob, 'Voice');
  await bob.page.getByTestId('meet-button').click();
  await sayYes(ann, bob);
  await untilLive(ann.page, 'audio');
  await ann.page.evaluate(() => window.mediaSpy.letGo());
  await ann.page.waitForTimeout(1_500);
  expect(await liveKinds(ann.page)).toBe('audio');
  expect((await mediaOf(ann.page)).asked.slice(before)).toEqual(['video+audio', 'audio']);
}, 90_000);

test('V4 devices are chosen in a call and kept for the next visit; one that is busy costs nothing, the last choice wins', async () => {
  const [ann, bob] = [await come('red', { threeCameras: true }), await come('blue')];
  const { page } = ann;
  await meet(ann, bob);
  await page.getByRole('button', { name: 'Choose devices' }).click();
  const [camera, microphone, speaker] = ['Camera', 'Microphone', 'Speaker'].map((name) =>
    page.getByRole('dialog').getByLabel(name, { exact: true }),
  );
  const inUse = async (): Promise<string[]> =>
    [...new Set((await mediaOf(page)).live.map(({ label }) => label))].sort();
  const labels = async (list = camera): Promise<string[]> =>
    (await list?.locator('option').allTextContents()) ?? [];
  // What Chromium's second test camera gives, pictures of 16 bits, cannot be encoded, so it is never the last choice.
  const [one, between, two] = await labels();
  expect([await inUse(), one, between, two]).toEqual([
    ['Fake Default Audio Input', one],
    expect.stringContaining('fake_device_0'),
    expect.stringContaining('fake_device_1'),
    expect.stringContaining('fake_device_2'),
  ]);
  // A camera that another program holds: the one that works goes on, and the choice says which one is in use.
  await answerNext(page, { fails: 'NotFoundError' });
  await camera?.selectOption({ label: two ?? '' });
  await page.getByRole('alert').getByText('No camera found').waitFor({ state: 'attached' });
  expect(await inUse()).toEqual(['Fake Default Audio Input', one]);
  // Two cameras are chosen one after the other. The first one opens last, and is closed again at once.
  const before = (await mediaOf(page)).openedLabels.length;
  await answerNext(page, { takesMs: 1_500 }, { takesMs: 100 }, { takesMs: 0 });
  await camera?.selectOption({ label: between ?? '' });
  await microphone?.selectOption({ label: 'Fake Audio Input 2' });
  await camera?.selectOption({ label: two ?? '' });
  const openedSince = async (): Promise<readonly string[]> =>
    (await mediaOf(page)).openedLabels.slice(before);
  await eventually(async () => (await openedSince()).includes(between ?? ''), 8_000);
  await page.waitForTimeout(1_000);
  // Which of the two quick ones opens first is not said.
  expect((await openedSince()).slice(0, 2).sort()).toEqual(['Fake Audio Input 2', two]);
  expect((await openedSince()).slice(2)).toEqual([between]);
  expect(await inUse()).toEqual(['Fake Audio Input 2', two]);
  expect(await camera?.locator('option:checked').textContent()).toBe(two);
  expect((await sentWithin(page, 1_500)).video).toBeGreaterThan(5_000);
  // The test picture changes in one small place only.
  let change = 0;
  for (let looks = 0; looks < 12 && change === 0; looks += 1) change = (await colourSeen(bob)).change;
  expect(change).toBeGreaterThan(0);
  await speaker?.selectOption({ label: 'Fake Audio Output 1' });
  await page.reload();
  await page.getByTestId('chat-input').waitFor({ timeout: 20_000 });
  await untilLive(page, 'audio+video');
  expect(await inUse()).toEqual(['Fake Audio Input 2', two]);
  await page.getByRole('button', { name: 'Choose devices' }).click();
  expect(await speaker?.locator('option:checked').textContent()).toBe('Fake Audio Output 1');
  expect(ann.complaints).toEqual([]);
}, 90_000);

test('C2 the word of the level meter follows the sound, also between two beeps', async () => {
  const ann = await come('red');
  const { page } = ann;
  await preview(ann);
  await page.locator('.cap--you').click();
  const word = page.getByRole('dialog').locator('.meter__word');
  await word.getByText(/good|loud|quiet/).waitFor();
  // The test microphone beeps once a second.
  for (let looks = 0; looks < 20; looks += 1) {
    expect(await word.textContent()).not.toBe('silent');
    await page.waitForTimeout(130);
  }
}, 60_000);

test('V4 a microphone that gives nothing at all is told to the person, and not to the partner', async () => {
  const [ann, bob] = [await come('red'), await come('blue')];
  await choose(ann, 'Text');
  await untilLive(ann.page, '');
  await answerNext(ann.page, { isSilent: true });
  await choose(ann, 'Voice');
  await choose(bob, 'Voice');
  await meet(ann, bob);
  await ann.page
    .getByTestId('notice')
    .getByText('No sound comes from your microphone')
    .waitFor({ timeout: 15_000 });
  await expectNone(bob, 'Their microphone is off');
}, 60_000);
