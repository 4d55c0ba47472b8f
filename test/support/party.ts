import { Browsers, lookAt, visit, type Colour, type VisitOptions, type Visitor } from './browser';
import { startNode, type TestNode } from './node';

/** A node and visitors with real browsers, which are started once. */
export interface Party {
  readonly node: TestNode;
  readonly browsers: Browsers;
  readonly visitors: Visitor[];
  sendHome(): Promise<void>;
  close(): Promise<void>;
}

export async function party(environment: Record<string, string> = {}): Promise<Party> {
  const node = await startNode(environment);
  const browsers = new Browsers();
  const visitors: Visitor[] = [];
  const sendHome = async (): Promise<void> => {
    for (const visitor of visitors.splice(0)) await visitor.close();
  };
  return {
    node,
    browsers,
    visitors,
    sendHome,
    close: async () => {
      await sendHome();
      await browsers.close();
      await node.close();
    },
  };
}

interface ArrivalOptions extends VisitOptions {
  /** A separate browser process that ends with the visit. */
  readonly ownBrowser?: boolean;
}

/** A visitor opens the page and agrees to the rules. */
export async function arrive(
  scene: Party,
  camera: Colour,
  { ownBrowser = false, ...options }: ArrivalOptions = {},
): Promise<Visitor> {
  const { url } = scene.node;
  const visitor = ownBrowser
    ? await visit(url, { camera, ...options })
    : await scene.browsers.visit(url, { camera, ...options });
  scene.visitors.push(visitor);
  await visitor.page.getByTestId('agree').check();
  return visitor;
}

/** Both search, both accept, and the call is open. */
export async function meet(...pair: readonly Visitor[]): Promise<void> {
  for (const { page } of pair) await page.getByTestId('meet-button').click();
  await sayYes(...pair);
}

/** By the keyboard: a click waits until nothing moves, which takes longer on a busy machine than people may take. */
export async function sayYes(...pair: readonly Visitor[]): Promise<void> {
  for (const { page } of pair)
    await page
      .locator('[data-testid=accept-button][aria-disabled=false]')
      .press('Enter', { timeout: 20_000 });
  for (const { page } of pair) await page.getByTestId('chat-input').waitFor();
}

/** Which of the three cameras a picture is of, and how much it moves. */
export async function colourSeen(
  visitor: Visitor,
  testId = 'other-video',
): Promise<{ colour: Colour; change: number }> {
  for (let attempt = 0; ; attempt += 1) {
    const { rgb, change } = await lookAt(visitor.page, testId);
    const [red, green, blue] = rgb;
    const strongest = Math.max(red, green, blue);
    if (strongest > 40 || attempt > 60) {
      return { colour: strongest === red ? 'red' : strongest === green ? 'green' : 'blue', change };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
