import { lookAt, type Visitor } from '../support/browser';
import { arrive, colourSeen, meet, party, sayYes, type Party } from '../support/party';

let scene: Party;
beforeAll(async () => {
  scene = await party();
});
afterAll(() => scene.close());
afterEach(() => scene.sendHome());

const phase = (visitor: Visitor): Promise<string | null> =>
  visitor.page.locator('[data-phase]').first().getAttribute('data-phase');

/** The width of their picture as it arrives, once it does. */
async function veiledWidth(visitor: Visitor): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const { width } = await lookAt(visitor.page, 'other-video');
    if (width > 0) return width;
  }
  return 0;
}

/** Sound energy that has arrived at this page's browser within half a second. */
function soundEnergy(visitor: Visitor): Promise<number> {
  return visitor.page.getByTestId('other-video').evaluate(async (element) => {
    const video = element instanceof HTMLVideoElement ? element : element.querySelector('video');
    const stream = video?.srcObject;
    if (!(stream instanceof MediaStream)) return -1;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream(stream.getAudioTracks())).connect(analyser);
    let peak = 0;
    for (let i = 0; i < 40; i += 1) {
      const samples = new Uint8Array(analyser.fftSize);
      analyser.getByteTimeDomainData(samples);
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample - 128));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await context.close();
    return peak;
  });
}

test('C2 V1 M8 two strangers meet, see and hear each other, write, and walk on to a third', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  for (const { page } of [ann, bob]) await page.getByTestId('meet-button').click();
  for (const { page } of [ann, bob]) await page.getByTestId('accept-button').waitFor({ timeout: 20_000 });
  // Before both have said yes only light and movement arrive, and no sound, whatever this page would do with them.
  const before = await veiledWidth(ann);
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThanOrEqual(80);
  expect(await soundEnergy(ann)).toBeLessThanOrEqual(1);
  await sayYes(ann, bob);

  // Then the picture comes in full size.
  for (let i = 0; i < 40 && (await lookAt(ann.page, 'other-video')).width <= 80; i += 1);
  expect((await lookAt(ann.page, 'other-video')).width).toBeGreaterThan(100);
  const [annSees, bobSees] = [await colourSeen(ann), await colourSeen(bob)];
  expect(annSees.colour).toBe('blue');
  expect(bobSees.colour).toBe('red');
  expect(annSees.change).toBeGreaterThan(1);
  expect(bobSees.change).toBeGreaterThan(1);
  expect((await colourSeen(ann, 'own-video')).colour).toBe('red');
  expect(await soundEnergy(ann)).toBeGreaterThan(3);
  expect(await soundEnergy(bob)).toBeGreaterThan(3);

  await ann.page.getByTestId('chat-input').fill('Hello there');
  await bob.page.getByTestId('typing').waitFor();
  await ann.page.getByTestId('chat-send').click();
  await bob.page.getByTestId('chat-log').getByText('Hello there').waitFor();
  await ann.page.locator('[data-testid=message][data-state=read]').waitFor();

  const eve = await arrive(scene, 'green');
  await eve.page.getByTestId('meet-button').click();
  await ann.page.getByTestId('next-button').click();
  await sayYes(ann, eve);
  expect((await colourSeen(ann)).colour).toBe('green');
  expect((await colourSeen(eve)).colour).toBe('red');
  expect(await ann.page.getByTestId('message').count()).toBe(0);
  expect(['ended', 'searching']).toContain(await phase(bob));

  for (const { complaints } of [ann, bob, eve]) expect(complaints).toEqual([]);
}, 120_000);

test('S4 what was switched off stays off when the page is loaded again in a call', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await meet(ann, bob);
  const off = (): Promise<number> => bob.page.getByText(/^Their (camera|microphone) is off$/).count();
  await ann.page.getByRole('button', { name: 'Camera off' }).click();
  await ann.page.getByRole('button', { name: 'Mute' }).click();
  await bob.page.getByText('Their microphone is off').last().waitFor();
  await ann.page.addInitScript(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (wanted) => {
      if (wanted?.video) document.documentElement.dataset['cameraAsked'] = 'yes';
      return open(wanted);
    };
  });
  await ann.page.reload();
  await ann.page.getByRole('button', { name: 'Unmute' }).waitFor({ timeout: 20_000 });
  await ann.page.getByRole('button', { name: 'Camera on' }).waitFor();
  // The line is made anew and the call joined again; nothing of it may be seen or heard meanwhile.
  for (let looks = 0; looks < 20; looks += 1) {
    expect(await off()).toBeGreaterThanOrEqual(2);
    await bob.page.waitForTimeout(150);
  }
  expect(await soundEnergy(bob)).toBeLessThanOrEqual(1);
  expect(await ann.page.locator('html').getAttribute('data-camera-asked')).toBeNull();
  await ann.page.getByRole('button', { name: 'Camera on' }).click();
  expect((await colourSeen(bob)).colour).toBe('red');
}, 120_000);

test('G3 M2 a report that is being written outlasts the partner’s Next, and the next search says whom one has met', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await meet(ann, bob);
  await ann.page.keyboard.press('r');
  const sheet = ann.page.getByRole('dialog');
  await sheet.getByRole('textbox').fill('They shouted at me');
  await bob.page.getByTestId('next-button').click();
  await ann.page.locator('[data-phase=ended]').waitFor();
  await ann.page.waitForTimeout(12_000);
  expect(await phase(ann)).toBe('ended');
  expect(await sheet.getByRole('textbox').inputValue()).toBe('They shouted at me');
  await sheet.getByText('Harassment or threats').click();
  await sheet.getByRole('button', { name: 'Send report' }).click();
  await ann.page.getByText('Thank you. Your report has been saved.').waitFor();
  // Then it goes on as usual; the two who have just met wait side by side, and are told why.
  await ann.page.locator('[data-phase=searching]').waitFor({ timeout: 20_000 });
  await bob.page.getByTestId('just-met').waitFor({ timeout: 10_000 });
  expect(
    await scene.node.parts.records.collections.reports.count({ description: 'They shouted at me' }),
  ).toBe(1);
}, 120_000);

test('C2 Back asks in place before it leads out of a call', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  await meet(ann, bob);
  await ann.page.goBack();
  await ann.page.getByRole('button', { name: 'Press again to stop' }).waitFor();
  expect(await phase(ann)).toBe('call');
  await ann.page.goBack();
  await ann.page.getByTestId('meet-button').waitFor();
  await bob.page.locator('[data-phase=ended], [data-phase=searching]').first().waitFor();
}, 60_000);

test('C2 a page that is gone to right after Stop is reached, and one Back leads out of where a call was', async () => {
  const { page } = await arrive(scene, 'red');
  for (let round = 0; round < 12; round += 1) {
    await page.getByTestId('meet-button').click();
    await page.getByTestId('stop-button').first().click();
    // The browser takes a moment for whatever the page does on Stop; each round comes at another point of it.
    await new Promise((resolve) => setTimeout(resolve, 6 + round));
    await page.goto(scene.node.url);
    await page.getByTestId('agree').check();
  }
  await page.goto('about:blank');
  await page.goto(scene.node.url);
  await page.getByTestId('agree').check();
  await page.getByTestId('meet-button').click();
  await page.getByTestId('stop-button').first().click();
  await page.getByTestId('meet-button').waitFor();
  await page.evaluate(() => window.history.back());
  await page.waitForURL('about:blank');
}, 120_000);

test('C2 a call’s time begins when both can talk', async () => {
  const [ann, bob] = [await arrive(scene, 'red'), await arrive(scene, 'blue')];
  for (const { page } of [ann, bob]) await page.getByTestId('meet-button').click();
  for (const { page } of [ann, bob]) await page.getByTestId('accept-button').waitFor({ timeout: 20_000 });
  await ann.page.waitForTimeout(5_000);
  await sayYes(ann, bob);
  const clock = async (): Promise<number> =>
    Number(/0:(\d\d)/.exec((await ann.page.locator('.who__time').textContent()) ?? '')?.[1]);
  expect(await clock()).toBeLessThan(4);
  await ann.page.waitForTimeout(1_000);
  await ann.page.reload();
  await ann.page.getByTestId('chat-input').waitFor({ timeout: 20_000 });
  expect(await clock()).toBeGreaterThanOrEqual(1);
  expect(await clock()).toBeLessThan(10);
}, 90_000);
