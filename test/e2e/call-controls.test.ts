/// <reference lib="dom" />
import { chromium, type Browser, type CDPSession } from 'playwright-core';
import { startGallery, type Gallery } from '../support/gallery';

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
const DESKTOP = { width: 1280, height: 800 };

jest.setTimeout(90_000);

let gallery: Gallery;
beforeAll(async () => void (gallery = await startGallery()), 90_000);
afterAll(() => gallery?.close());

const corner = (): Promise<string | null> =>
  gallery.page.locator('.mine').evaluate((element) => element.getAttribute('data-corner'));

/** A finger that goes over the screen. */
async function swipe(session: CDPSession, from: [number, number], to: [number, number]): Promise<void> {
  // The movement takes 150 ms, however busy the machine is.
  let at = Date.now() / 1000;
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', point: [number, number]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: point[0], y: point[1] }],
      timestamp: (at += 0.03),
    });
  await touch('touchStart', from);
  for (const share of [0.25, 0.5, 0.75, 1]) {
    await touch('touchMove', [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
  }
  await touch('touchEnd', to);
}

describe('C2 the own window', () => {
  it('C2 is dragged to a corner, and is there on the next visit', async () => {
    await gallery.show('call', DESKTOP);
    const { page } = gallery;
    const box = await page.locator('.mine').boundingBox();
    if (!box) throw new Error('there is no own window');
    await page.mouse.move(box.x + 100, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(300, 200, { steps: 6 });
    await page.mouse.up();
    expect(await corner()).toBe('top-start');
    await gallery.show('call', DESKTOP);
    expect(await corner()).toBe('top-start');
  });

  it('C5 is moved with the arrow keys, and its place is said', async () => {
    await gallery.show('call', DESKTOP);
    const { page } = gallery;
    const handle = page.locator('.mine__move');
    await handle.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await corner()).toBe('bottom-end');
    expect(await handle.getAttribute('aria-label')).toContain('bottom right');
    await page.keyboard.press('ArrowUp');
    expect(await handle.getAttribute('aria-label')).toContain('top right');
    await page.keyboard.press('ArrowDown');
  });

  it('C5 covers no button and no field in any corner, on a small phone too', async () => {
    const covered: string[] = [];
    for (const size of [DESKTOP, PHONE, SMALL, { width: 844, height: 390 }]) {
      await gallery.show('call', size);
      const { page } = gallery;
      await page.locator('.mine__move').focus();
      for (const key of ['ArrowUp', 'ArrowLeft', 'ArrowDown', 'ArrowRight']) {
        await page.keyboard.press(key);
        const found = await page.evaluate(() =>
          [...document.querySelectorAll('.tr button, .bl button, .ctl button, .tl .tag, .chat button')]
            .filter((element) => element.checkVisibility())
            .filter((element) => {
              const { left, top, width, height } = element.getBoundingClientRect();
              return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.mine') != null;
            })
            .map((element) => element.className),
        );
        covered.push(...found.map((name) => `${size.width} ${key}: ${name}`));
      }
    }
    expect(covered).toEqual([]);
  });
});

describe('C2 more controls', () => {
  const open = async (): Promise<void> => {
    await gallery.page.locator('.c--more').click();
    await gallery.page.getByRole('dialog', { name: 'More' }).waitFor();
  };

  it('C2 the partner can be made quieter and silent, and the screen says how to have them back', async () => {
    await gallery.show('call', PHONE);
    const { page } = gallery;
    const played = () =>
      page.getByTestId('other-video').evaluate((video) => {
        const { volume, muted } = video as HTMLVideoElement;
        return { volume, muted };
      });
    await open();
    const slider = page.getByRole('slider');
    await slider.fill('40');
    expect(await played()).toMatchObject({ volume: 0.4 });
    await slider.fill('0');
    expect(await played()).toEqual({ volume: 0, muted: true });
    await page.keyboard.press('Escape');
    await page.locator('.bl .notice__act').first().click();
    await open();
    expect(await slider.inputValue()).toBe('100');
  });

  it('V4 the camera is switched from the own window of a phone, and from the sheet', async () => {
    await gallery.show('call', PHONE);
    const { page } = gallery;
    await open();
    await page.getByRole('button', { name: 'Switch camera' }).last().click();
    const used = await page.evaluate(() => {
      const { gallery: engine } = window as unknown as {
        gallery: { getState(): { devices: { camera: { deviceId: string } } } };
      };
      return engine.getState().devices.camera.deviceId;
    });
    expect(used).toBe('two');
  });

  it('C5 axe finds no fault in the sheet and in the emoji', async () => {
    for (const size of [DESKTOP, PHONE]) {
      await gallery.show('call', size);
      await open();
      expect(await gallery.faults()).toEqual([]);
      await gallery.page.keyboard.press('Escape');
      if (size === PHONE) await gallery.page.keyboard.press('c');
      await gallery.page.locator('.say__emoji').click();
      expect(await gallery.faults()).toEqual([]);
      expect(await gallery.sticksOut()).toEqual([]);
    }
  });

  it('S8 emoji are chosen by keyboard, go to the cursor, and Esc closes only their grid', async () => {
    await gallery.show('call', DESKTOP);
    const { page } = gallery;
    await page.getByTestId('chat-input').fill('tea  please');
    await page.getByTestId('chat-input').evaluate((field) => {
      (field as HTMLTextAreaElement).setSelectionRange(4, 4);
    });
    await page.locator('.say__emoji').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('chat-input').inputValue()).toBe('tea 😊 please');
    expect(await page.locator('.emoji').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('chat-input');
    expect(await page.locator('.call').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByText('tea 😊 please').waitFor();
  });

  it('C2 the icons have words in the first calls on a phone, and everything fits in both languages', async () => {
    const { page } = gallery;
    for (const lang of ['en', 'de']) {
      for (const size of [PHONE, { width: 360, height: 640 }, SMALL]) {
        await gallery.show('call', size, `&lang=${lang}`);
        await page.evaluate(() => localStorage.removeItem('passerby.calls'));
        await gallery.show('call', size, `&lang=${lang}`);
        expect(await page.locator('.c__short').first().isVisible()).toBe(true);
        expect(await gallery.sticksOut()).toEqual([]);
      }
    }
    await page.evaluate(() => localStorage.setItem('passerby.calls', '9'));
    await gallery.show('call', PHONE);
    expect(await page.locator('.c__short').first().isVisible()).toBe(false);
  });
});

describe('M8 a swipe over the picture', () => {
  let touched: { browser: Browser; session: CDPSession };
  let url: string;
  let page: Awaited<ReturnType<Browser['newPage']>>;

  beforeAll(async () => {
    await gallery.show('call', PHONE);
    url = gallery.page.url();
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox'],
    });
    const context = await browser.newContext({ viewport: PHONE, hasTouch: true, isMobile: true });
    page = await context.newPage();
    touched = { browser, session: await context.newCDPSession(page) };
  }, 90_000);
  afterAll(() => touched?.browser.close());

  beforeEach(async () => {
    await page.goto(url);
    await page.locator('.mine').waitFor();
    // A finger that comes while the page is still being put together is lost, as with any page.
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(1_000);
  });

  it('M8 asks for the next person after three seconds in which it can be taken back', async () => {
    await swipe(touched.session, [320, 300], [120, 310]);
    await page.getByTestId('undo-next').click();
    await page.getByTestId('undo-next').waitFor({ state: 'detached' });
    await page.waitForTimeout(3500);
    expect(await page.locator('.call').count()).toBe(1);
    await swipe(touched.session, [320, 300], [120, 310]);
    await page.getByTestId('undo-next').waitFor();
    await page.getByTestId('search-steps').waitFor({ timeout: 8000 });
  });

  it('M8 does nothing over a sheet, and a sheet that opens meanwhile takes it back', async () => {
    await swipe(touched.session, [320, 300], [120, 310]);
    await page.getByTestId('undo-next').waitFor();
    await page.getByRole('button', { name: 'Report' }).first().click();
    await page.getByRole('dialog').waitFor();
    expect(await page.getByTestId('undo-next').count()).toBe(0);
    await swipe(touched.session, [320, 200], [120, 210]);
    await page.waitForTimeout(3500);
    expect(await page.getByRole('dialog').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.waitForTimeout(1000);
    expect(await page.locator('.call').count()).toBe(1);
    expect(await page.getByTestId('undo-next').count()).toBe(0);
  });

  it('M8 of one’s own window moves the window and nobody else', async () => {
    const box = await page.locator('.mine').boundingBox();
    if (!box) throw new Error('there is no own window');
    await swipe(touched.session, [box.x + 60, box.y + 60], [60, box.y + 60]);
    await page.locator('.mine[data-corner="bottom-start"]').waitFor({ timeout: 10_000 });
    expect(await page.getByTestId('undo-next').count()).toBe(0);
  });
});

describe('C2 a voice call', () => {
  it('C2 says who speaks, with moving bars or in words alone', async () => {
    await gallery.show('voice', DESKTOP);
    const { page } = gallery;
    await page.locator('[data-testid=speaking][data-on=true]').waitFor();
    expect(await page.getByTestId('speaking').textContent()).toBe('CalmHeron4821 is speaking');
    // The gallery is shown with reduced motion.
    expect(await page.locator('.bars').count()).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await gallery.show('voice', DESKTOP);
    const heights = async () =>
      page
        .locator('.sign--voice .bars i')
        .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('style')));
    const before = await heights();
    await page.waitForTimeout(400);
    expect(before).toHaveLength(5);
    expect(await heights()).not.toEqual(before);
    await page.emulateMedia({ reducedMotion: 'reduce' });
  });
});
