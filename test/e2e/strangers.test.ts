import { startNode, type TestNode } from '../support/node';
import { lookAt, visit, type Colour, type Visitor } from '../support/browser';

let node: TestNode;
const visitors: Visitor[] = [];
beforeAll(async () => {
  node = await startNode();
}, 30_000);
afterAll(() => node.close());
afterEach(async () => {
  for (const visitor of visitors.splice(0)) await visitor.close();
}, 30_000);

async function arrive(camera: Colour): Promise<Visitor> {
  const visitor = await visit(node.url, { camera });
  visitors.push(visitor);
  await visitor.page.getByTestId('agree').check();
  return visitor;
}

const phase = (visitor: Visitor): Promise<string | null> =>
  visitor.page.locator('[data-phase]').first().getAttribute('data-phase');

async function meet(...pair: Visitor[]): Promise<void> {
  for (const { page } of pair) await page.getByTestId('meet-button').click();
  for (const { page } of pair) await page.getByTestId('accept-button').click({ timeout: 20_000 });
  for (const { page } of pair) await page.getByTestId('chat-input').waitFor();
}

/** Which of the three cameras this picture is of. */
async function colourSeen(
  visitor: Visitor,
  testId = 'other-video',
): Promise<{ colour: Colour; change: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const { rgb, change } = await lookAt(visitor.page, testId);
    const [red, green, blue] = rgb;
    const strongest = Math.max(red, green, blue);
    if (strongest > 40 || attempt > 40) {
      return { colour: strongest === red ? 'red' : strongest === green ? 'green' : 'blue', change };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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
  const [ann, bob] = [await arrive('red'), await arrive('blue')];
  await meet(ann, bob);

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

  const eve = await arrive('green');
  await eve.page.getByTestId('meet-button').click();
  await ann.page.getByTestId('next-button').click();
  for (const { page } of [ann, eve]) await page.getByTestId('accept-button').click({ timeout: 20_000 });
  await ann.page.getByTestId('chat-input').waitFor();
  expect((await colourSeen(ann)).colour).toBe('green');
  expect((await colourSeen(eve)).colour).toBe('red');
  expect(await ann.page.getByTestId('message').count()).toBe(0);
  expect(['parted', 'searching']).toContain(await phase(bob));

  for (const { complaints } of [ann, bob, eve]) expect(complaints).toEqual([]);
}, 120_000);
