/// <reference lib="dom" />
import { startGallery, type Gallery } from '../support/gallery';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
  { width: 360, height: 640 },
  { width: 320, height: 568 },
  { width: 720, height: 450 },
  { width: 844, height: 390 },
  { width: 568, height: 320 },
] as const;

jest.setTimeout(120_000);

let gallery: Gallery;
beforeAll(async () => void (gallery = await startGallery()), 90_000);
afterAll(() => gallery?.close());

/** The controls whose middle something else covers, or that are partly outside the window. */
const covered = (): Promise<string[]> =>
  gallery.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, textarea')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .flatMap((element) => {
        const { left, right, top, bottom, width, height } = element.getBoundingClientRect();
        const name = `${element.getAttribute('aria-label') ?? element.textContent} (${element.className})`;
        if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return [`${name} is outside`];
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        return element.contains(hit) ? [] : [`${name} is under ${hit?.className}`];
      }),
  );

describe('C2 the question whether to meet', () => {
  it.each(['accept', 'accept-said', 'accept-text', 'voice-accept', 'accept-much'])(
    'C2 each control of %s can be tapped, at every size and in the longest language',
    async (state) => {
      const found: Record<string, string[]> = {};
      for (const lang of ['en', 'de']) {
        for (const size of SIZES) {
          await gallery.show(state, size, `&lang=${lang}`);
          const names = await covered();
          if (names.length > 0) found[`${lang} ${size.width}x${size.height}`] = names;
        }
      }
      expect(found).toEqual({});
    },
  );

  it('C2 the question is whole from the first moment, while their window still comes in', async () => {
    const { page } = gallery;
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await gallery.show('searching', { width: 390, height: 844 });
    const layer = await page.evaluate(async () => {
      const start = document.startViewTransition.bind(document);
      const ready = new Promise<void>((resolve) => {
        document.startViewTransition = (change) => {
          const transition = start(change);
          void transition.ready.then(() => {
            for (const animation of document.getAnimations()) animation.pause();
            resolve();
          });
          return transition;
        };
      });
      (window as unknown as { gallery: { show(state: string): void } }).gallery.show('accept');
      await ready;
      const of = (part: string): CSSStyleDeclaration =>
        getComputedStyle(document.documentElement, `::view-transition-${part}`);
      const layerOf = (name: string): number => Number(of(`group(${name})`).zIndex) || 0;
      return {
        opacity: of('new(question)').opacity,
        isAbove: layerOf('question') > Math.max(layerOf('their-window'), layerOf('own-window')),
      };
    });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(layer).toEqual({ opacity: '1', isAbove: true });
  });

  it('R1 Report opens with a tap while the question is shown, on a small phone too', async () => {
    await gallery.show('accept', { width: 320, height: 568 });
    await gallery.page.getByRole('button', { name: 'Report' }).first().click({ timeout: 3000 });
    await gallery.page.getByRole('dialog', { name: 'Report CalmHeron4821' }).waitFor();
  });
});
