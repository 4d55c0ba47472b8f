import { lookAt, type Visitor } from '../support/browser';
import { arrive, colourSeen, party, sayYes, type Party } from '../support/party';

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
  expect(['parted', 'searching']).toContain(await phase(bob));

  for (const { complaints } of [ann, bob, eve]) expect(complaints).toEqual([]);
}, 120_000);
