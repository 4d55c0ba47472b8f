import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A camera that shows one colour with a bar that moves across, so that a picture shows whose it is. */
async function writeCamera(file: string, [y, u, v]: readonly [number, number, number]): Promise<void> {
  const [width, height, frames] = [320, 240, 30];
  const header = Buffer.from(`YUV4MPEG2 W${width} H${height} F30:1 Ip A1:1 C420jpeg\n`);
  const chunks: Buffer[] = [header];
  for (let frame = 0; frame < frames; frame += 1) {
    const luma = Buffer.alloc(width * height, y);
    const from = Math.floor((frame * width) / frames);
    for (let row = 0; row < height; row += 1)
      luma.fill(235, row * width + from, row * width + Math.min(width, from + 16));
    const chroma = (width / 2) * (height / 2);
    chunks.push(Buffer.from('FRAME\n'), luma, Buffer.alloc(chroma, u), Buffer.alloc(chroma, v));
  }
  await writeFile(file, Buffer.concat(chunks));
}

const COLOURS = {
  red: [82, 90, 240],
  blue: [60, 220, 100],
  green: [120, 70, 60],
} as const;
export type Colour = keyof typeof COLOURS;

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors and page errors; has to stay empty. */
  readonly complaints: string[];
  close(): Promise<void>;
}

const chromiumBin = (): string => process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium';

export interface VisitOptions {
  readonly camera?: Colour;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'dark' | 'light';
  /** The browser's answer to the request for camera and microphone. */
  readonly devices?: 'granted' | 'denied';
  /** British English where none is named. */
  readonly locale?: string;
  /** Done with the new profile before its first page is opened, such as a script that harms the browser. */
  readonly before?: (context: BrowserContext) => Promise<unknown>;
  /** Three cameras with a test picture of the browser's own, instead of one that shows the colour. */
  readonly threeCameras?: boolean;
}

type Kind = Required<Pick<VisitOptions, 'camera' | 'devices' | 'threeCameras'>>;

/**
 * A name that every browser of the tests finds on this machine. Pages under it are in no secure context, since they come
 * neither over TLS nor from `localhost`.
 */
export const INSECURE_HOST = 'passerby.test';

/** A running browser. What its camera shows and how it answers for the devices is fixed when it starts. */
interface Launched {
  readonly browser: Browser;
  close(): Promise<void>;
}

async function launch({ camera, devices, threeCameras }: Kind): Promise<Launched> {
  const folder = await mkdtemp(path.join(tmpdir(), 'passerby-browser-'));
  const picture = path.join(folder, 'camera.y4m');
  await writeCamera(picture, COLOURS[camera]);
  const browser = await chromium.launch({
    executablePath: chromiumBin(),
    headless: true,
    args: [
      '--no-sandbox',
      ...(threeCameras
        ? ['--use-fake-device-for-media-stream=device-count=3']
        : ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${picture}`]),
      devices === 'granted' ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts',
      `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The browsers of one test file: started once for each camera, with a profile of its own for each visitor. */
export class Browsers {
  private readonly launched = new Map<string, Promise<Launched>>();

  /** A visitor whose camera shows one colour, with a new browser profile. */
  async visit(url: string, options: VisitOptions = {}): Promise<Visitor> {
    const { camera = 'red', devices = 'granted', threeCameras = false } = options;
    const { browser } = await this.browserFor({ camera, devices, threeCameras });
    const { viewport = { width: 1280, height: 800 }, colorScheme = 'dark', locale = 'en-GB' } = options;
    const context = await browser.newContext({ viewport, colorScheme, locale });
    await options.before?.(context);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(url);
    return { page, context, complaints, close: () => context.close() };
  }

  async close(): Promise<void> {
    const all = [...this.launched.values()];
    this.launched.clear();
    await Promise.all(all.map(async (launched) => (await launched).close()));
  }

  private browserFor(kind: Kind): Promise<Launched> {
    const name = JSON.stringify(kind);
    const launched = this.launched.get(name) ?? launch(kind);
    this.launched.set(name, launched);
    return launched;
  }
}

/** A visitor with a separate browser process, which ends with the visit. */
export async function visit(url: string, options: VisitOptions = {}): Promise<Visitor> {
  const browsers = new Browsers();
  const visitor = await browsers.visit(url, options);
  return { ...visitor, close: () => browsers.close() };
}

/** Mean colour of what a video element shows, and how much one frame differs from one shortly after it. */
export function lookAt(
  page: Page,
  testId: string,
): Promise<{ rgb: [number, number, number]; change: number; width: number }> {
  return page.getByTestId(testId).evaluate(async (element) => {
    const video = element instanceof HTMLVideoElement ? element : element.querySelector('video');
    if (video === null) throw new Error('no video element');
    const grab = (): Uint8ClampedArray => {
      const canvas = document.createElement('canvas');
      canvas.width = 64;
      canvas.height = 48;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context?.drawImage(video, 0, 0, 64, 48);
      return context?.getImageData(0, 0, 64, 48).data ?? new Uint8ClampedArray(64 * 48 * 4);
    };
    const first = grab();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const second = grab();
    const rgb: [number, number, number] = [0, 0, 0];
    let change = 0;
    for (let i = 0; i < first.length; i += 4) {
      for (const c of [0, 1, 2] as const) {
        rgb[c] += first[i + c]! / (first.length / 4);
        change += Math.abs(first[i + c]! - second[i + c]!);
      }
    }
    return { rgb, change: change / (first.length / 4), width: video.videoWidth };
  });
}
