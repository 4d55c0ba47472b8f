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

interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const place = (selector: string): Promise<Place> =>
  gallery.page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom };
    });

describe('C5 a call on small screens', () => {
  it('C5 Next stays within the stage on the narrowest phone, in German', async () => {
    await gallery.show('call', { width: 320, height: 568 }, '&lang=de');
    expect((await place('[data-testid=next-button]')).right).toBeLessThanOrEqual(
      (await place('.theirs')).right,
    );
  });

  it('C5 the bars of the own voice are not under the tag with the devices', async () => {
    await gallery.page.emulateMedia({ reducedMotion: 'no-preference' });
    await gallery.show('voice', { width: 390, height: 844 });
    const [bars, tag] = [await place('.mine .bars--own'), await place('.mine__devices')];
    await gallery.page.emulateMedia({ reducedMotion: 'reduce' });
    expect(bars.bottom).toBeLessThanOrEqual(tag.top);
  });

  it('C5 a low window has words under the icons, and a placeholder of one line', async () => {
    await gallery.show('call', { width: 720, height: 450 }, '&lang=de');
    expect(await gallery.page.locator('.ctl .c__short').first().isVisible()).toBe(true);
    const { top, bottom } = await place('[data-testid=chat-input]');
    expect(bottom - top).toBeLessThan(56);
  });
});

it('C3 a page without a secure connection offers no test of devices that cannot work', async () => {
  await gallery.show('landing-insecure', DESKTOP);
  await gallery.page.getByText('This page has no secure connection').waitFor();
  expect(await gallery.page.locator('button.win__try').count()).toBe(0);
});
