import type { BenchNode } from '../support/node';

/** Looks at where the lines of a call that goes on are, and throws where a row would not be what it is called. */
export type Placement = () => Promise<void>;

const NAMES = ['passerby_lines', 'passerby_pipes', 'passerby_media_workers_alive'] as const;

interface Placed {
  readonly lines: number;
  /** Producers that go from one worker to another, of this node or of another one. */
  readonly pipes: number;
  readonly workers: number;
}

async function placed(node: BenchNode): Promise<Placed> {
  const metrics = await node.metrics();
  const [lines, pipes, workers] = NAMES.map((name) => {
    const value = metrics.get(name);
    if (value === undefined) throw new Error(`the server has no metric ${name}`);
    return value;
  });
  return { lines: lines ?? NaN, pipes: pipes ?? NaN, workers: workers ?? NaN };
}

function must(isSo: boolean, expected: string, found: readonly Placed[]): void {
  if (!isSo) throw new Error(`the lines are not ${expected}: ${JSON.stringify(found)}`);
}

/** Both lines on the one worker of this node: nothing is piped. */
export const onOneWorker =
  (node: BenchNode): Placement =>
  async () => {
    const found = await placed(node);
    must(found.workers === 1 && found.lines >= 2 && found.pipes === 0, 'on one worker', [found]);
  };

/** Each line on a worker of its own: with a pair's two lines alone on the node, media is piped only then. */
export const onTwoWorkers =
  (node: BenchNode): Placement =>
  async () => {
    const found = await placed(node);
    must(found.workers === 2 && found.lines === 2 && found.pipes > 0, 'on two workers', [found]);
  };

/** Each line on a node of its own, and media piped between them. */
export const onTwoNodes =
  (nodes: readonly [BenchNode, BenchNode]): Placement =>
  async () => {
    const found = await Promise.all(nodes.map(placed));
    must(
      found.every(({ lines, pipes }) => lines === 1 && pipes > 0),
      'on two nodes',
      found,
    );
  };
