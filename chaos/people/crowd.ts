import { seeded } from '../../test/support/random';
import { ChaosClient } from './chaos-client';
import type { ChaosContext } from './context';

/** Between two actions of one client, on average. */
const PACE_MS = 1_500;
/** How many come at once. */
const COHORT = 50;
const COHORT_MS = 250;

/** All clients of a run, each with its own random numbers. */
export class Crowd {
  readonly clients: ChaosClient[];
  private readonly timers = new Map<ChaosClient, NodeJS.Timeout>();
  private isCalm = false;

  constructor(context: ChaosContext, options: { people: number; withMedia: number; seed: number }) {
    this.clients = Array.from({ length: options.people }, (_, index) => {
      const random = seeded(options.seed + 7919 * (index + 1));
      return new ChaosClient(`client ${index + 1}`, random, context, index < options.withMedia);
    });
  }

  /** Clients come in groups, and act at random from then on. */
  begin(): void {
    this.clients.forEach((client, index) => {
      const come = (): void => {
        client.connect();
        this.actSoon(client);
      };
      this.timers.set(client, setTimeout(come, Math.floor(index / COHORT) * COHORT_MS));
    });
  }

  /** From now on clients only reply, and come back. */
  calmDown(): void {
    this.isCalm = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  leave(): void {
    this.calmDown();
    for (const client of this.clients) client.close();
  }

  private actSoon(client: ChaosClient): void {
    if (this.isCalm) return;
    const act = (): void => {
      if (client.node !== undefined) this.act(client);
      this.actSoon(client);
    };
    this.timers.set(client, setTimeout(act, PACE_MS * (0.3 + 1.4 * client.random())));
  }

  private act(client: ChaosClient): void {
    const dice = client.random();
    if (dice < 0.02) client.drop();
    else if (dice < 0.024) client.startOver();
    else this.actAsOf(client, dice);
  }

  private actAsOf(client: ChaosClient, dice: number): void {
    switch (client.state.state) {
      case 'idle':
        return client.search();
      case 'searching':
        if (dice < 0.05) client.cancelSearch();
        return;
      case 'in_call':
        this.actInCall(client, client.state.isOpen, (dice - 0.024) / 0.976);
    }
  }

  private actInCall(client: ChaosClient, isOpen: boolean, dice: number): void {
    if (dice < 0.12) client.next();
    else if (dice < 0.16) client.leaveCall();
    else if (dice < 0.6) {
      if (isOpen) client.say();
    } else if (dice < 0.7) client.setTyping(dice < 0.65);
  }
}
