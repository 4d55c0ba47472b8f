import { seeded } from '../../test/support/random';
import { Wanderer } from './wanderer';
import type { World } from './world';

/** Between two deeds of one person, on average. */
const PACE_MS = 1_500;
/** So many come at once. */
const COHORT = 50;
const COHORT_MS = 250;

/** All people of a run, each with dice of their own. */
export class Crowd {
  readonly people: Wanderer[];
  private readonly timers = new Map<Wanderer, NodeJS.Timeout>();
  private isCalm = false;

  constructor(world: World, options: { people: number; withMedia: number; seed: number }) {
    this.people = Array.from({ length: options.people }, (_, index) => {
      const random = seeded(options.seed + 7919 * (index + 1));
      return new Wanderer(`person ${index + 1}`, random, world, index < options.withMedia);
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

  private actSoon(person: Wanderer): void {
    if (this.isCalm) return;
    const act = (): void => {
      if (person.at !== undefined) this.act(person);
      this.actSoon(person);
    };
    this.timers.set(person, setTimeout(act, PACE_MS * (0.3 + 1.4 * person.random())));
  }

  private act(person: Wanderer): void {
    const dice = person.random();
    if (dice < 0.02) person.drop();
    else if (dice < 0.024) person.startOver();
    else if (person.phase === 'idle') person.find();
    else if (person.phase === 'searching') {
      if (dice < 0.05) person.cancel();
    } else this.actInCall(person, (dice - 0.024) / 0.976);
  }

  private actInCall(person: Wanderer, dice: number): void {
    if (dice < 0.12) person.next();
    else if (dice < 0.16) person.leaveCall();
    else if (dice < 0.6) {
      if (person.isOpen) person.say();
    } else if (dice < 0.7) person.setTyping(dice < 0.65);
  }
}
