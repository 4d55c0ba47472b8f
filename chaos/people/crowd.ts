import { seeded } from '../../test/support/random';
import { ChaosClient } from './chaos-client';
import type { ChaosContext } from './context';

/** Between two actions of one person, on average. */
const PACE_MS = 1_500;
/** So many come at once. */
const COHORT = 50;
const COHORT_MS = 250;

/** All people of a run, each with dice of their own. */
export class Crowd {
  readonly people: ChaosClient[];
  private readonly timers = new Map<ChaosClient, NodeJS.Timeout>();
  private isCalm = false;

  constructor(context: ChaosContext, options: { people: number; withMedia: number; seed: number }) {
    this.people = Array.from({ length: options.people }, (_, index) => {
      const random = seeded(options.seed + 7919 * (index + 1));
      return new ChaosClient(`person ${index + 1}`, random, context, index < options.withMedia);
    });
  }

  /** They come in groups, and do something now and then from there on. */
  begin(): void {
    this.people.forEach((person, index) => {
      const come = (): void => {
        person.connect();
        this.actSoon(person);
      };
      this.timers.set(person, setTimeout(come, Math.floor(index / COHORT) * COHORT_MS));
    });
  }

  /** From here on they only answer, and come back. */
  calmDown(): void {
    this.isCalm = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  leave(): void {
    this.calmDown();
    for (const person of this.people) person.close();
  }

  private actSoon(person: ChaosClient): void {
    if (this.isCalm) return;
    const act = (): void => {
      if (person.node !== undefined) this.act(person);
      this.actSoon(person);
    };
    this.timers.set(person, setTimeout(act, PACE_MS * (0.3 + 1.4 * person.random())));
  }

  private act(person: ChaosClient): void {
    const dice = person.random();
    if (dice < 0.02) person.drop();
    else if (dice < 0.024) person.startOver();
    else this.actAsOf(person, dice);
  }

  private actAsOf(person: ChaosClient, dice: number): void {
    switch (person.state.state) {
      case 'idle':
        return person.search();
      case 'searching':
        if (dice < 0.05) person.cancelSearch();
        return;
      case 'in_call':
        this.actInCall(person, person.state.isOpen, (dice - 0.024) / 0.976);
    }
  }

  private actInCall(person: ChaosClient, isOpen: boolean, dice: number): void {
    if (dice < 0.12) person.next();
    else if (dice < 0.16) person.leaveCall();
    else if (dice < 0.6) {
      if (isOpen) person.say();
    } else if (dice < 0.7) person.setTyping(dice < 0.65);
  }
}
