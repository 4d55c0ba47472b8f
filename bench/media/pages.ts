import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { WebSocketServer, type WebSocket } from 'ws';

/** Pages in one Chromium with fake 720p cameras: the bench's own, which this serves, or the product's. */
export class BenchPages {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
    private readonly observer: string,
    /** Where the bench's own page comes from. */
    readonly origin: string,
  ) {}

  static async open(): Promise<BenchPages> {
    const [script, observer] = await Promise.all([
      scriptOf('bench/media/page.ts', 'esm'),
      scriptOf('bench/media/call-observer.ts', 'iife'),
    ]);
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(
        isScript ? script : '<!doctype html><title>bench</title><script type=module src=/page.js></script>',
      );
    });
    relay(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launch();
    const { port } = server.address() as AddressInfo;
    return new BenchPages(server, browser, observer, `http://127.0.0.1:${port}`);
  }

  /** The bench's own page, with the product's engine and a peer-to-peer call in it. */
  async page(): Promise<Page> {
    const page = await this.at(this.origin);
    await page.waitForFunction(() => 'peerToPeer' in window);
    return page;
  }

  /** Any page, observed, in a browser context of its own. */
  async at(url: string): Promise<Page> {
    const page = await this.browser.newPage({ permissions: ['camera', 'microphone'], locale: 'en-GB' });
    page.on('pageerror', (error) => process.stderr.write(`page: ${String(error)}\n`));
    await page.addInitScript({ content: this.observer });
    await page.goto(url);
    return page;
  }

  get relayUrl(): string {
    return `${this.origin.replace('http', 'ws')}/relay`;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function scriptOf(entry: string, format: 'esm' | 'iife'): Promise<string> {
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'browser',
    format,
    target: 'es2023',
    logLevel: 'error',
  });
  return bundle.outputFiles[0]?.text ?? '';
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium',
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
}

/**
 * Brings every two sockets together, tells them so at the same moment in the product's own words, so that the same
 * observer sees it, and passes on what they say.
 */
function relay(server: Server): void {
  const sockets = new WebSocketServer({ server, path: '/relay' });
  let waiting: WebSocket | undefined;
  sockets.on('connection', (socket) => {
    const partner = waiting;
    if (partner === undefined) {
      waiting = socket;
      return;
    }
    waiting = undefined;
    for (const [from, to] of [
      [socket, partner],
      [partner, socket],
    ] as const) {
      from.on('message', (data) => to.send(String(data)));
    }
    // A little later, so that both pages have finished connecting and only the call itself is measured.
    setTimeout(() => {
      const found = { callId: randomUUID(), matchedAt: Date.now() };
      socket.send(JSON.stringify({ event: 'partner_found', data: { ...found, caller: true } }));
      partner.send(JSON.stringify({ event: 'partner_found', data: { ...found, caller: false } }));
    }, 200);
  });
}
