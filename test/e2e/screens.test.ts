/// <reference lib="dom" />
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

declare global {
  interface Window {
    axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

const ROOT = join(__dirname, '../..');
const BUILT = join(ROOT, 'build/gallery');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };

/** Every screen in every state; of the closed states, which differ in words alone, two and the two of a ban. */
const STATES = [
  ...['landing', 'landing-fresh', 'landing-asking', 'landing-denied', 'landing-offline', 'landing-dark'],
  ...[
    'landing-notice',
    'landing-voice',
    'landing-fresh-voice',
    'searching-elsewhere',
    'landing-again',
    'landing-text',
    'asking',
    'denied',
    'in-use',
    'missing',
    'insecure',
    'no-microphone',
  ],
  ...['searching', 'searching-wider', 'searching-plain', 'searching-text', 'alone', 'paused', 'offline'],
  ...[
    'accept',
    'accept-dark',
    'accept-said',
    'accept-much',
    'accept-text',
    'call',
    'call-connecting',
    'call-dark',
  ],
  ...['call-unread', 'call-away', 'call-lost', 'call-notice', 'call-failed', 'call-off', 'ended'],
  ...['searching-met', 'unreachable', 'call-rtl', 'ended-restart', 'ended-unaccepted'],
  ...['ended-staying', 'ended-text', 'voice', 'voice-accept', 'text', 'closed-full', 'closed-replaced'],
  ...['banned-hold', 'banned-for-good', 'searching-none-fits', 'voice-ended'],
];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://here').pathname);
    const file = join(BUILT, path === '/' ? 'index.html' : path);
    if (!file.startsWith(BUILT) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      // What the product is served with: nothing inline, nothing from elsewhere.
      'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'",
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

jest.setTimeout(60_000);

let browser: Browser;
let server: Server;
let page: Page;
let problems: string[] = [];

beforeAll(async () => {
  server = await serve();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      // As for a person who has pressed Meet; otherwise each call would open with a word about its sound.
      '--autoplay-policy=no-user-gesture-required',
    ],
  });
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  page = await context.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
}, 90_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(() => {
  problems = [];
});
afterEach(() => expect(problems).toEqual([]));

async function show(state: string, size: { width: number; height: number }, more = ''): Promise<void> {
  const { port } = server.address() as AddressInfo;
  await page.setViewportSize(size);
  await page.goto(`http://127.0.0.1:${port}/?state=${state}&pictures=plain${more}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await settled(size);
}

/** A change of size is over when what is as high as the screen has got the new height, and was painted. */
async function resize(size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await settled(size);
}

const settled = (size: { width: number; height: number }): Promise<void> =>
  page.evaluate(
    ({ width, height }) =>
      new Promise<void>((resolve) => {
        const probe = document.createElement('div');
        probe.style.cssText = 'position: fixed; width: 100vw; height: 100dvh; visibility: hidden';
        document.body.append(probe);
        const settle = (): void => {
          const box = probe.getBoundingClientRect();
          if (box.width === width && box.height === height) {
            probe.remove();
            requestAnimationFrame(() => setTimeout(resolve));
          } else requestAnimationFrame(settle);
        };
        settle();
      }),
    size,
  );

async function faults(): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    RULES,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  );
}

/** What sticks out of the screen at its sides, or, in a call, which does not scroll, at its foot. */
const sticksOut = (): Promise<string[]> =>
  page.evaluate(() => {
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !element.closest('.sr, [aria-hidden="true"], option') &&
      getComputedStyle(element).clipPath === 'none';
    const bottom = document.querySelector('.call') ? window.innerHeight + 1 : Infinity;
    return [...document.querySelectorAll('h1, h2, h3, p, button, input, select, textarea, dt, dd, li, .tag')]
      .filter(isShown)
      .filter((element) => {
        const box = element.getBoundingClientRect();
        const fixed = element.matches('button') && !element.closest('.log, .accept') && box.bottom > bottom;
        return box.width > 0 && (box.left < -1 || box.right > window.innerWidth + 1 || fixed);
      })
      .map((element) => {
        const { left, right, bottom: foot } = element.getBoundingClientRect();
        const place = [left, right, foot].map(Math.round).join(' ');
        return `${element.tagName}.${element.className} ${place}: ${element.textContent?.slice(0, 40)}`;
      });
  });

const paint = (theme: string): Promise<void> =>
  page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);

describe('C5 every screen', () => {
  it.each(STATES)('C5 axe finds no fault in %s, large and small, dark and light', async (state) => {
    await show(state, DESKTOP);
    const found: Record<string, string[]> = {};
    for (const [name, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      await resize(size);
      for (const theme of ['dark', 'light']) {
        await paint(theme);
        const faultsHere = await faults();
        if (faultsHere.length > 0) found[`${name}, ${theme}`] = faultsHere;
      }
    }
    expect(found).toEqual({});
  });

  it.each(STATES)('C5 nothing sticks out of %s at 320 pixels, nor with text at 200 %%', async (state) => {
    await show(state, SMALL);
    const small = await sticksOut();
    await resize({ width: 1280, height: 900 });
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    const large = await sticksOut();
    await resize({ width: 640, height: 900 });
    const largeAndNarrow = await sticksOut();
    expect({ small, large, largeAndNarrow }).toEqual({ small: [], large: [], largeAndNarrow: [] });
  });

  it.each([
    ['de', 'ltr'],
    ['pseudo', 'rtl'],
  ])(
    'C4 every screen has room for the lines of %s, %s',
    async (lang, dir) => {
      const tight: Record<string, string[]> = {};
      for (const state of STATES) {
        await show(state, DESKTOP, `&lang=${lang}`);
        expect(await page.evaluate(() => document.documentElement.dir)).toBe(dir);
        const found = await sticksOut();
        await resize(PHONE);
        found.push(...(await sticksOut()));
        if (found.length > 0) tight[state] = found;
      }
      expect(tight).toEqual({});
    },
    180_000,
  );
});

describe('C5 sheets', () => {
  it.each([
    ['call', 'r', 'Report CalmHeron4821'],
    ['call', 'b', 'Block CalmHeron4821?'],
    ['call', '?', 'Keyboard shortcuts'],
  ])(
    'C5 axe finds no fault in the sheet over %s that %s opens, and Esc closes it',
    async (state, key, name) => {
      await show(state, DESKTOP);
      await page.keyboard.press(key);
      const sheet = page.getByRole('dialog', { name });
      await sheet.waitFor();
      const wide = await faults();
      await resize(PHONE);
      expect({ wide, narrow: await faults() }).toEqual({ wide: [], narrow: [] });
      await page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'detached' });
    },
  );

  it.each(['Who you want to meet', 'Languages you speak', 'Settings', 'The four rules'])(
    'C5 axe finds no fault in the sheet “%s”',
    async (name) => {
      await show('landing', DESKTOP);
      await page
        .getByRole('button', { name: name === 'The four rules' ? name : new RegExp(`^${name}`) })
        .last()
        .click();
      await page.getByRole('dialog', { name }).waitFor();
      const wide = await faults();
      await resize(PHONE);
      expect({ wide, narrow: await faults() }).toEqual({ wide: [], narrow: [] });
    },
  );
});

describe('C5 the choice of devices', () => {
  it('C5 axe finds no fault in its sheet, and nothing sticks out of it, in a call and before it', async () => {
    const found: Record<string, string[]> = {};
    for (const lang of ['en', 'de']) {
      for (const size of [DESKTOP, PHONE, SMALL]) {
        for (const state of ['call', 'accept']) {
          await show(state, size, `&lang=${lang}`);
          if (state === 'accept') await page.getByRole('button', { name: /^(Devices|Geräte)$/ }).click();
          else {
            await page.locator('.c--more').click();
            await page
              .getByRole('dialog')
              .getByRole('button', { name: /^(Choose devices|Geräte wählen)$/ })
              .click();
          }
          await page.getByRole('dialog', { name: /^(Devices|Geräte)$/ }).waitFor();
          const bad = [...(await faults()), ...(await sticksOut())];
          if (bad.length > 0) found[`${state}, ${lang}, ${size.width}`] = bad;
        }
      }
    }
    expect(found).toEqual({});
  });
});

describe('C5 by keyboard', () => {
  it.each([
    'landing',
    'landing-fresh',
    'searching',
    'denied',
    'accept',
    'call',
    'ended-staying',
    'text',
    'closed-full',
  ])('C5 everything in %s can be reached with Tab', async (state) => {
    await show(state, DESKTOP);
    const wanted = await page.evaluate(() => {
      const all = [
        ...document.querySelectorAll<HTMLElement>('button, input, select, textarea, [tabindex="0"]'),
      ]
        .filter((element) => element.checkVisibility() && !element.matches('[tabindex="-1"], :disabled'))
        .filter((element) => !(element.matches('[type=radio]') && !(element as HTMLInputElement).checked));
      all.forEach((element, index) => (element.dataset.reach = String(index)));
      return all.map((element) => element.outerHTML.slice(0, 90));
    });
    const reached = new Set<number>();
    for (let presses = 0; presses < wanted.length * 2 + 4; presses += 1) {
      await page.keyboard.press('Tab');
      const index = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement | null;
        return element?.dataset.reach ?? null;
      });
      if (index !== null) reached.add(Number(index));
    }
    expect(wanted.filter((_, index) => !reached.has(index))).toEqual([]);
  });

  it('C5 a whole visit: tick, meet, say yes, write, walk on and stop, without a mouse', async () => {
    await show('landing', DESKTOP);
    const focus = (testId: string) => page.getByTestId(testId).focus();
    await focus('meet-button');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('agree');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.getByTestId('search-steps').waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.getByTestId('accept-button').waitFor({ timeout: 15_000 });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'accept-button',
    );
    await page.keyboard.press('Enter');
    await page.getByTestId('chat-input').waitFor();
    await focus('chat-input');
    await page.keyboard.type('Hello. No n, m or c pressed here');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=message][data-state=read]').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Unmute' }).waitFor();
    await page.keyboard.press('n');
    await page.getByTestId('search-steps').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('meet-button').waitFor();
    expect(await page.title()).toBe('Passerby: Someone is passing by');
  }, 40_000);

  it('C2 Esc asks once, in place, before it ends a call', async () => {
    await show('call', DESKTOP);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Press again to stop' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('meet-button').waitFor();
  });

  it('M8 any key stops the countdown to the next person', async () => {
    await show('ended', DESKTOP);
    expect(await page.getByTestId('next-button').textContent()).toMatch(/^Next in \d+ s/);
    await page.keyboard.press('x');
    await page.getByText('Press Next when you are ready.').waitFor();
  });
});

describe('C4 the language', () => {
  it('C4 can be switched while the page is open', async () => {
    await show('landing', DESKTOP);
    await page.getByLabel('Language', { exact: true }).selectOption('de');
    await page.getByRole('button', { name: 'Jemanden treffen' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  });
});
