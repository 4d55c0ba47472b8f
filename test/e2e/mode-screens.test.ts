/// <reference lib="dom" />
import { startGallery, type Gallery } from '../support/gallery';

const DESKTOP = { width: 1440, height: 900 };

jest.setTimeout(120_000);

let gallery: Gallery;
beforeAll(async () => void (gallery = await startGallery()), 90_000);
afterAll(() => gallery?.close());

const textOf = async (state: string, lang: string): Promise<string> => {
  await gallery.show(state, DESKTOP, `&lang=${lang}`);
  return gallery.page.locator('main').innerText();
};

describe('C1 the landing page says what happens in the mode that is chosen', () => {
  it.each([
    ['en', /yes|face|video and sound start/i],
    ['de', /Ja sagt|Gesicht|Erst dann/],
  ])('C1 nothing is decided before a text call (%s)', async (lang, never) => {
    expect(await textOf('landing-text', lang)).not.toMatch(never);
    expect(await gallery.page.locator('.steps li').count()).toBe(4);
  });

  it.each([
    ['en', /face|hidden|video and sound start|see, hear/i],
    ['de', /Gesicht|Verborgen|Bild und Ton beginnen|Sehen, hören/],
  ])('C1 a voice call has nothing to see (%s)', async (lang, never) => {
    expect(await textOf('landing-voice', lang)).not.toMatch(never);
    expect(await gallery.page.locator('.steps li').count()).toBe(5);
  });
});
