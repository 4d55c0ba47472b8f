/// <reference lib="dom" />
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { AxeResults, RunOptions } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';

const ROOT = join(__dirname, '../..');
/** Built by the set-up of `npm test`. */
const BUILT = join(ROOT, 'build/gallery');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The gallery of screens, built and served as the product is, in a browser whose errors are collected. */
export interface Gallery {
  readonly page: Page;
  readonly problems: string[];
  show(state: string, size: Size, more?: string): Promise<void>;
  resize(size: Size): Promise<void>;
  paint(theme: 'dark' | 'light'): Promise<void>;
  /** What axe finds. */
  faults(): Promise<string[]>;
  /** What sticks out of the screen at its sides. */
  sticksOut(): Promise<string[]>;
  close(): Promise<void>;
}

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
      'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'",
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });

export async function startGallery(): Promise<Gallery> {
  const server = await serve();
  const browser = await launch();
  const page = await (await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' })).newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const { port } = server.address() as AddressInfo;
  return {
    page,
    problems,
    show: async (state, size, more = '') => {
      await page.setViewportSize(size);
      await page.goto(`http://127.0.0.1:${port}/?state=${state}&pictures=plain${more}`);
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.locator('.page__wait').waitFor({ state: 'detached' });
    },
    resize: (size) => page.setViewportSize(size),
    paint: (theme) =>
      page.evaluate((name) => {
        document.documentElement.dataset['theme'] = name;
      }, theme),
    faults: () => axe(page),
    sticksOut: () => page.evaluate(findSticking),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

interface WithAxe {
  axe: { run(context: Document, options: RunOptions): Promise<AxeResults> };
}

async function axe(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (values) =>
      (window as unknown as WithAxe).axe.run(document, {
        runOnly: { type: 'tag', values },
        resultTypes: ['violations'],
      }),
    RULES,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
  );
}

function findSticking(): string[] {
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest('.sr, [aria-hidden="true"], option') &&
    getComputedStyle(element).clipPath === 'none';
  return [...document.querySelectorAll('h1, h2, h3, p, a, button, input, select, dt, dd, li, th, td')]
    .filter(isShown)
    .filter((element) => {
      const { width, left, right } = element.getBoundingClientRect();
      return width > 0 && (left < -1 || right > window.innerWidth + 1);
    })
    .map((element) => {
      const { left, right } = element.getBoundingClientRect();
      return `${element.tagName}.${element.className} ${left} ${right}: ${element.textContent?.slice(0, 40)}`;
    });
}
