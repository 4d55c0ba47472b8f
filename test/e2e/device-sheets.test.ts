/// <reference lib="dom" />
import { startGallery, type Gallery, type Size } from '../support/gallery';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
const PHONES: readonly Size[] = [
  PHONE,
  SMALL,
  { width: 360, height: 640 },
  { width: 844, height: 390 },
  { width: 568, height: 320 },
];

jest.setTimeout(60_000);

let gallery: Gallery;
beforeAll(async () => void (gallery = await startGallery()), 90_000);
afterAll(() => gallery?.close());
afterEach(() => expect(gallery.problems.splice(0)).toEqual([]));

/** The names of the lists of a sheet. */
const lists = (): Promise<string[]> =>
  gallery.page
    .getByRole('dialog')
    .locator('.setting:has(select) label')
    .evaluateAll((labels) => labels.map(({ textContent }) => textContent ?? ''));

describe('C2 the devices before both have said yes', () => {
  it.each([
    ['accept', ['Camera', 'Microphone', 'Speaker']],
    ['accept-dark', ['Camera', 'Microphone', 'Speaker']],
    ['voice-accept', ['Microphone', 'Speaker']],
  ])('C2 in %s they are chosen on every phone', async (state, wanted) => {
    for (const size of PHONES) {
      await gallery.show(state, size);
      await gallery.page.getByRole('button', { name: 'Devices', exact: true }).click();
      await gallery.page.getByRole('dialog', { name: 'Devices' }).waitFor();
      expect(await lists()).toEqual(expect.arrayContaining(wanted.slice(0, -1)));
      await gallery.page.keyboard.press('Escape');
      await gallery.page.getByRole('button', { name: 'Report' }).first().click();
      await gallery.page.getByRole('dialog', { name: 'Report CalmHeron4821' }).waitFor();
    }
  });

  it('C2 a text call offers none', async () => {
    await gallery.show('accept-text', PHONE);
    expect(await gallery.page.getByRole('button', { name: 'Devices' }).count()).toBe(0);
  });
});

describe('C2 the settings', () => {
  it.each([
    ['landing', ['Camera', 'Microphone']],
    ['landing-voice', ['Microphone']],
    ['landing-text', []],
    ['searching-text', []],
  ])('C2 over %s offer the devices that the mode needs, and no others', async (state, wanted) => {
    await gallery.show(state, DESKTOP);
    await gallery.page.getByRole('button', { name: 'Settings', exact: true }).click();
    await gallery.page.getByRole('dialog', { name: 'Settings' }).waitFor();
    const offered = await lists();
    expect(offered.filter((name) => /Camera|Microphone/.test(name))).toEqual(wanted);
    expect(offered.includes('Speaker') && wanted.length === 0).toBe(false);
    expect(offered).toContain('Language');
    expect(await gallery.faults()).toEqual([]);
  });
});

describe('C2 the row of buttons on a phone', () => {
  it('C2 the countdown of Next is on one line in every language, also before the page has its font', async () => {
    const wrapped: string[] = [];
    for (const lang of ['en', 'de']) {
      for (const size of [PHONE, { width: 360, height: 640 }, SMALL]) {
        await gallery.show('ended', size, `&lang=${lang}`);
        for (const font of ['', 'sans-serif']) {
          const lines = await gallery.page.getByTestId('next-button').evaluate((button, family) => {
            button.style.fontFamily = family;
            const words = document.createRange();
            const text = [...button.childNodes].find(({ nodeType }) => nodeType === Node.TEXT_NODE);
            if (text !== undefined) words.selectNodeContents(text);
            return new Set([...words.getClientRects()].map(({ top }) => Math.round(top))).size;
          }, font);
          if (lines !== 1) wrapped.push(`${lang} ${size.width} ${font}: ${lines} lines`);
          expect(await gallery.sticksOut()).toEqual([]);
        }
      }
    }
    expect(wrapped).toEqual([]);
  });
});
