import { MODES, type Mode, type ServerMessage, type Stats } from '../protocol';
import type { People } from './people/people';
import type { Clock } from './ports/clock';
import { Round } from './round';

export interface Census {
  readonly stats: Stats;
  readonly searchingBy: Readonly<Record<Mode, number>>;
}

/** Counts are made anew at most this often, however many ask and however many come and go (S7). */
const FRESH_MS = 1000;

/** How many people are here and what they do. */
export class Population {
  private census: Census | undefined;
  private countedAt = -Infinity;
  private told: string | undefined;
  private readonly telling = new Round();

  constructor(
    private readonly people: People,
    private readonly clock: Clock,
    /** The people of the other nodes, as these have last told. */
    private readonly elsewhere: () => readonly Census[] = () => [],
  ) {}

  /** The people of this node alone. */
  here(): Census {
    return this.count();
  }

  now(): Census {
    const now = this.clock.now();
    if (this.census === undefined || now - this.countedAt >= FRESH_MS || now < this.countedAt) {
      this.census = [this.count(), ...this.elsewhere()].reduce(sum);
      this.countedAt = now;
    }
    return this.census;
  }

  /** To be called every second: tells everybody who is here, if anything has changed. */
  broadcast(): void {
    if (this.telling.isGoing) return;
    const message: ServerMessage = { event: 'stats', data: this.now().stats };
    const words = JSON.stringify(message.data);
    if (words === this.told) return;
    this.told = words;
    this.telling.over(this.people.all(), (person) => person.tell(message));
  }

  close(): void {
    this.telling.close();
  }

  private count(): Census {
    const stats = { total: 0, online: 0, searching: 0, connected: 0 };
    const searchingBy: Record<Mode, number> = { video: 0, audio: 0, text: 0 };
    for (const { isHere, session } of this.people.all()) {
      stats.total += 1;
      if (isHere) stats.online += 1;
      if (session.state === 'in_call') stats.connected += 1;
      if (session.state === 'seeking' && session.queued) searchingBy[session.wishes.mode] += 1;
    }
    stats.searching = MODES.reduce((sum, mode) => sum + searchingBy[mode], 0);
    return { stats, searchingBy };
  }
}

function sum(one: Census, other: Census): Census {
  return {
    stats: {
      total: one.stats.total + other.stats.total,
      online: one.stats.online + other.stats.online,
      searching: one.stats.searching + other.stats.searching,
      connected: one.stats.connected + other.stats.connected,
    },
    searchingBy: {
      video: one.searchingBy.video + other.searchingBy.video,
      audio: one.searchingBy.audio + other.searchingBy.audio,
      text: one.searchingBy.text + other.searchingBy.text,
    },
  };
}
