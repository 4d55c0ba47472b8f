import { parseArgs } from 'node:util';

export interface ChaosOptions {
  /** How long harm is done. */
  readonly seconds: number;
  readonly nodes: number;
  readonly people: number;
  readonly seed: number;
  /** How many of the people have real media, in percent; where it is more than nobody, at least ten do. */
  readonly mediaPercent: number;
  /** Seconds between two kills of a node, on average. */
  readonly every: number;
  /** Whether Redis is killed as well, about once a minute. */
  readonly redis: boolean;
  /** Whether everything odd is printed with what the person had heard before. */
  readonly evidence: boolean;
  /** A folder for all that the nodes log, a file for each. */
  readonly logs: string | undefined;
}

export const USAGE = `usage: npm run chaos -- [options]
  --seconds N      how long harm is done (300)
  --nodes N        processes of the built server (3)
  --people N       people who search, talk and skip (500)
  --media-share N  percent of them with real media, at least ten people; 0: nobody (4)
  --every N        seconds between two kills of a node, on average (10)
  --seed N         where the dice begin; a random one is printed
  --no-redis       Redis is left alone
  --evidence       tells more of what people would have wondered at
  --logs FOLDER    keeps all that the nodes log, in detail`;

const LEAST_MEDIA = 10;

/** Throws an error that names what is wrong; null: only help was asked for. */
export function readOptions(words: readonly string[]): ChaosOptions | null {
  const { values } = parseArgs({
    args: [...words],
    allowNegative: true,
    options: {
      seconds: { type: 'string', default: '300' },
      nodes: { type: 'string', default: '3' },
      people: { type: 'string', default: '500' },
      'media-share': { type: 'string', default: '4' },
      every: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      redis: { type: 'boolean', default: true },
      evidence: { type: 'boolean', default: false },
      logs: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    seconds: within('seconds', values.seconds, 1, 3600),
    // With one node alone everybody would be gone with it.
    nodes: within('nodes', values.nodes, 2, 16),
    people: within('people', values.people, 2, 5000),
    mediaPercent: within('media-share', values['media-share'], 0, 100),
    every: within('every', values.every, 1, 3600),
    seed: within('seed', values.seed, 0, 2 ** 32 - 1),
    redis: values.redis,
    evidence: values.evidence,
    logs: values.logs,
  };
}

export function mediaPeople({ people, mediaPercent }: ChaosOptions): number {
  if (mediaPercent === 0) return 0;
  return Math.min(people, Math.max(LEAST_MEDIA, Math.round((people * mediaPercent) / 100)));
}

function within(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new RangeError(`--${name} has to be a number from ${least} to ${most}`);
  }
  return value;
}
