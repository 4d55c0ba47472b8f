import { Writable } from 'node:stream';
import pino, { type Logger } from 'pino';
import { z } from 'zod';
import type { TestNode } from './node';

/**
 * What is promised within 1 s is measured against this, so that the tests hold on a machine five times slower. Without
 * the limits that they are about, each of these answers took from 5 s to forever.
 */
export const SOON_MS = 3_000;
/** Health promises 3 s. Without it, what hangs showed after 10 s or never. */
export const SHOWN_MS = 6_000;

/** The outcome of a request, which has to come soon. */
export async function soon<T>(request: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not answered within ${SOON_MS} ms`)), SOON_MS);
  });
  try {
    return await Promise.race([request, late]);
  } finally {
    clearTimeout(timer);
  }
}

const lineSchema = z.object({ level: z.number(), msg: z.string() });

/** A log whose lines a test can read. */
export class LogLines {
  private readonly lines: z.infer<typeof lineSchema>[] = [];
  readonly log: Logger = pino(
    { level: 'info' },
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        for (const line of String(chunk).split('\n').filter(Boolean))
          this.lines.push(lineSchema.parse(JSON.parse(line)));
        done();
      },
    }),
  );

  count(about: RegExp): number {
    return this.lines.filter(({ msg }) => about.test(msg)).length;
  }
}

interface Health {
  readonly status: string;
  readonly degradedBy: readonly string[];
}

export const healthOf = async (node: TestNode): Promise<Health> =>
  (await fetch(`${node.url}/videochat/health`)).json();

/** Waits until health names this trouble, or does so no longer. */
export async function shows(
  node: TestNode,
  trouble: string,
  isThere: boolean,
  ms = SHOWN_MS,
): Promise<Health> {
  const until = Date.now() + ms;
  for (;;) {
    const health = await healthOf(node);
    if ((health.degradedBy ?? []).includes(trouble) === isThere) return health;
    if (Date.now() > until) throw new Error(`after ${ms} ms health is ${JSON.stringify(health)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function metric(node: TestNode, name: string): Promise<number | undefined> {
  const response = await fetch(`${node.url}/metrics`, {
    headers: { authorization: `Bearer ${node.operatorToken}` },
  });
  const line = (await response.text()).split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}
