/*
 * Takes pictures of the screens: `node client/gallery/screenshots.mjs <folder> [state,…] [theme,…] [size,…] [lang]`.
 * `state+Key` presses a key first, `state~testid` a button; `state~testid+whole` also takes all of a long page, and
 * `TEXT=200%` sets the size of the text.
 */
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';

const BUILT = join(import.meta.dirname, '../../build/gallery');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const SIZES = {
  desktop: [1440, 900],
  laptop: [1280, 720],
  phone: [390, 844],
  landscape: [844, 390],
  small: [320, 568],
};

const [folder, states = 'landing,searching,accept,call', themes = 'dark', sizes = 'desktop', lang] =
  process.argv.slice(2);
if (!folder) throw new Error('Say where the pictures shall go');
mkdirSync(folder, { recursive: true });

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://here').pathname);
  const file = join(BUILT, path === '/' ? 'index.html' : path);
  if (!file.startsWith(BUILT) || !existsSync(file)) return response.writeHead(404).end();
  response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
  return createReadStream(file).pipe(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address();

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
});
for (const size of sizes.split(',')) {
  const [width, height] = SIZES[size];
  const page = await browser.newPage({ viewport: { width, height } });
  page.on('pageerror', (error) => console.error(size, error.message));
  for (const theme of themes.split(',')) {
    for (const name of states.split(',')) {
      const [first, press] = name.split('+');
      const [state, ...clicks] = first.split('~');
      const query = new URLSearchParams({ state, theme, ...(lang ? { lang } : {}) });
      await page.goto(`http://127.0.0.1:${port}/?${query}`);
      await page.waitForSelector('h1');
      if (process.env.TEXT) {
        await page.evaluate((size) => (document.documentElement.style.fontSize = size), process.env.TEXT);
      }
      for (const testId of clicks) await page.getByTestId(testId).first().click();
      const whole = press === 'whole';
      if (press && !whole) await page.keyboard.press(press);
      await page.waitForTimeout(state === 'found' ? 300 : 1300);
      await page.screenshot({ path: join(folder, `${name}-${size}-${theme}.png`), fullPage: whole });
    }
  }
  await page.close();
}
await browser.close();
server.close();
