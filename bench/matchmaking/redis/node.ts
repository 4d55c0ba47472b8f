import { seeded } from '../../support/random';
import { AlikePopulation } from '../population';
import { arrivals, measure, type Matchmaker } from './arrivals';
import { Directed } from './directed';
import { GeneratorAlone } from './generator';
import { Lists } from './lists';
import { Rooms } from './rooms';

export type Way = 'generator' | 'passerby' | 'lists' | 'colyseus';

export interface Task {
  readonly way: Way;
  readonly url: string;
  readonly redisPid: number;
  readonly node: number;
  /** Null: as fast as it goes. */
  readonly perSecond: number | null;
  readonly count: number;
  /** Men who wait already. */
  readonly waiting: number;
  /** Where Colyseus is. */
  readonly folder: string;
}

function open({ way, url, node, folder }: Task): Promise<Matchmaker> {
  const region = `r${node}`;
  switch (way) {
    case 'generator':
      return Promise.resolve(new GeneratorAlone());
    case 'passerby':
      return Promise.resolve(new Directed(url, `video.${region}.standard`));
    case 'lists':
      return Promise.resolve(new Lists(url, region));
    case 'colyseus':
      return Rooms.open(folder, url, region);
  }
}

/** In a node's process: makes its tickets, says so, and measures when all nodes are ready. */
export function beNode(): void {
  const fail = (error: unknown): void => {
    console.error(error);
    process.exit(1);
  };
  process.once('message', (task: Task) => {
    const { node, count, waiting } = task;
    const region = `r${node}`;
    const people = new AlikePopulation(seeded(100 + node));
    // So many men wait already, so that every woman finds somebody.
    const men = arrivals(people, waiting * 2, region).filter(({ gender }) => gender === 'male');
    const warmUp = arrivals(people, Math.floor(count / 4) * 2, region);
    const tickets = arrivals(people, count, region);
    process.once('message', () => {
      void open(task)
        .then(async (matchmaker) => {
          const figures = await measure(matchmaker, men, warmUp, tickets, task);
          await matchmaker.close();
          process.send?.(figures, undefined, {}, () => process.exit(0));
        })
        .catch(fail);
    });
    process.send?.('ready');
  });
}
