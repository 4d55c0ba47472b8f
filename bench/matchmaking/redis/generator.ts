import type { Ticket } from '../../../src/domain/pairing';
import type { Matchmaker } from './arrivals';

/** Matches by itself whoever comes, which costs nothing: what it is seen to take is the load and the watching. */
export class GeneratorAlone implements Matchmaker {
  readonly mostAtOnce = 1_000;
  readonly counts = 'second';
  onPair: (ticketIds: readonly string[]) => void = () => undefined;
  private waiting: string | null = null;

  add({ id }: Ticket): Promise<void> {
    const { waiting } = this;
    this.waiting = waiting === null ? id : null;
    if (waiting !== null) this.onPair([waiting, id]);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
