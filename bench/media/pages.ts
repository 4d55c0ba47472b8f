import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { WebSocketServer, type WebSocket } from 'ws';

/** Serves the bench page, and relays between the two peers of a peer-to-peer call. */
export class BenchPages {
  private constructor(
    private readonly server: Server,
    private readonly browser: Browser,
    readonly origin: string,
  ) {}

  static async open(): Promise<BenchPages> {
    const bundle = await build({
      entryPoints: ['bench/media/page.ts'],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'esm',
      target: 'es2023',
      logLevel: 'error',
    });
    const script = bundle.outputFiles[0]?.text ?? '';
    const server = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
      response.end(
        isScript ? script : '<!doctype html><title>bench</title><script type=module src=/page.js></script>',
      );
    });
    relay(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    });
    const { port } = server.address() as AddressInfo;
    return new BenchPages(server, browser, `http://127.0.0.1:${port}`);
  }

  async page(): Promise<Page> {
    const page = await this.browser.newPage({ permissions: ['camera', 'microphone'] });
    page.on('pageerror', (error) => process.stderr.write(`page: ${String(error)}\n`));
    await page.goto(this.origin);
    await page.waitForFunction(() => 'peerToPeer' in window);
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

/** Brings every two sockets together, tells them so at the same moment, and passes on what they say. */
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
      const matchedAt = Date.now();
      socket.send(JSON.stringify({ matchedAt, caller: true }));
      partner.send(JSON.stringify({ matchedAt, caller: false }));
    }, 200);
  });
}
