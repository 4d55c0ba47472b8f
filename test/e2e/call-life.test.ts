/// <reference lib="dom" />
import { startGallery, type Gallery } from '../support/gallery';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

jest.setTimeout(90_000);

let gallery: Gallery;
beforeAll(async () => void (gallery = await startGallery()), 90_000);
afterAll(() => gallery?.close());

describe('M8 after a call', () => {
  it('M8 the countdown rests while the chat is read, and says so; it begins anew afterwards', async () => {
    await gallery.show('ended', DESKTOP);
    const { page } = gallery;
    expect(await page.getByTestId('next-button').textContent()).toMatch(/^Next in \d+ s/);
    await page.getByTestId('chat-log').hover();
    await page.mouse.wheel(0, -100);
    await page.getByText('Take your time. Press Next when you are ready.').waitFor();
    expect(await page.getByTestId('next-button').textContent()).toMatch(/^Next/);
    await page
      .locator('.call-ended p')
      .getByText(/ in \d+ s/)
      .waitFor({ timeout: 15_000 });
  });

  it('M8 text that is not sent yet is not taken away by the next search', async () => {
    await gallery.show('call', DESKTOP);
    const { page } = gallery;
    await page.getByTestId('chat-input').fill('one last thing');
    await page.evaluate(() => (window as unknown as { gallery: { leave(): void } }).gallery.leave());
    await page.getByText('Take your time. Press Next when you are ready.').waitFor();
    await page.waitForTimeout(8000);
    expect(await page.getByText('Take your time. Press Next when you are ready.').count()).toBe(1);
    expect(await page.getByTestId('chat-input').inputValue()).toBe('one last thing');
    await page.getByRole('button', { name: 'Stay here' }).click();
    expect(await page.getByTestId('next-button').textContent()).toMatch(/^Next(?! in)/);
    expect(await page.getByText('Take your time. Press Next when you are ready.').count()).toBe(0);
  });

  it('M8 the chat of an ended call can be opened and read on a phone', async () => {
    await gallery.show('ended', PHONE);
    const { page } = gallery;
    await page.getByRole('button', { name: 'Read the chat' }).click();
    const last = page.getByText('Since this morning? Now I am hungry');
    await last.waitFor();
    const { bottom, top } = await last.evaluate((element) => element.getBoundingClientRect());
    expect(top).toBeGreaterThan(0);
    expect(bottom).toBeLessThan(PHONE.height);
  });
});

describe('C5 the keyboard of a phone', () => {
  const isSeen = (testId: string): Promise<boolean> =>
    gallery.page.getByTestId(testId).evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });

  it('C5 leaves the field that is typed in uncovered, on the landing screen and in a call', async () => {
    const { page } = gallery;
    await gallery.show('landing-fresh', PHONE);
    await page.locator('.chip--add').click();
    await page.locator('.chip--input').waitFor();
    // What a browser does that resizes the page for its keyboard.
    await gallery.resize({ width: PHONE.width, height: 420 });
    await page.waitForTimeout(300);
    const field = page.locator('.chip--input');
    await field.evaluate((element) => element.scrollIntoView({ block: 'end' }));
    const hit = await field.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
    expect(hit).toBe(true);
    await gallery.resize(PHONE);
    await page.getByTestId('meet-button').waitFor();
    expect(await isSeen('meet-button')).toBe(true);

    await gallery.show('call', PHONE);
    await page.keyboard.press('c');
    await page.getByTestId('chat-input').focus();
    await gallery.resize({ width: PHONE.width, height: 420 });
    await page.waitForTimeout(300);
    expect(await isSeen('chat-input')).toBe(true);
    expect(await isSeen('chat-send')).toBe(true);
    const log = await page.getByTestId('chat-log').evaluate((element) => element.clientHeight);
    expect(log).toBeGreaterThan(120);
  });

  it('C5 is made room for where the browser lays it over the page', async () => {
    await gallery.show('call', PHONE);
    const { page } = gallery;
    await page.keyboard.press('c');
    await page.getByTestId('chat-input').focus();
    await page.evaluate(() => {
      Object.defineProperty(window.visualViewport, 'height', { value: 460, configurable: true });
      window.visualViewport?.dispatchEvent(new Event('resize'));
    });
    await page.waitForTimeout(300);
    const bottom = await page
      .getByTestId('chat-input')
      .evaluate((element) => element.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThan(460);
  });
});

describe('C2 words that fit the mode', () => {
  it.each([
    ['voice-accept', /picture|video|hidden|\bsee\b/i],
    ['voice', /picture|video|hidden/i],
  ])('C2 %s does not speak of what the mode has not', async (state, never) => {
    await gallery.show(state, DESKTOP);
    const said = await gallery.page.evaluate(() => {
      const parts = document.querySelectorAll('.pair, .go__note, .call');
      const labels = [
        ...document.querySelectorAll('.call [aria-label], .pair[aria-label], .pair [aria-label]'),
      ];
      return [
        ...[...parts].map((part) => (part as HTMLElement).innerText),
        ...labels.map((element) => element.getAttribute('aria-label')),
      ].join('\n');
    });
    expect(said).not.toMatch(never);
  });

  it('C3 the light between the windows covers no words about the devices', async () => {
    const covered: string[] = [];
    for (const state of ['landing-denied', 'landing-asking']) {
      for (const lang of ['en', 'de']) {
        for (const size of [{ width: 1440, height: 900 }, DESKTOP, { width: 900, height: 700 }, PHONE]) {
          await gallery.show(state, size, `&lang=${lang}`);
          const lies = await gallery.page.evaluate(() => {
            const words = document.querySelector('.win__try')?.getBoundingClientRect();
            const lens = document.querySelector('.lens')?.getBoundingClientRect();
            return words && lens ? words.left < lens.right && words.top < lens.bottom : null;
          });
          if (lies !== false) covered.push(`${state} ${lang} ${size.width}: ${String(lies)}`);
        }
      }
    }
    expect(covered).toEqual([]);
  });
});

describe('C2 the setting of sounds', () => {
  it('C2 is in the settings and is kept', async () => {
    await gallery.show('landing', DESKTOP);
    const { page } = gallery;
    await page.getByRole('button', { name: 'Settings' }).last().click();
    const sounds = page.getByRole('switch', { name: 'Sounds' });
    expect(await sounds.isChecked()).toBe(true);
    await sounds.click();
    expect(await page.evaluate(() => localStorage.getItem('passerby.preferences'))).toContain(
      '"sounds":false',
    );
  });
});
