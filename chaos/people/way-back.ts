import type { World } from './world';

/** From the moment in which somebody's node is killed until they are in a queue or a call again. */
export class WayBack {
  private struckAt: number | undefined;
  private lostAll = false;
  private redisWasUp = true;

  constructor(private readonly world: World) {}

  get isOn(): boolean {
    return this.struckAt !== undefined;
  }

  begin(at: number): void {
    this.struckAt = at;
    this.lostAll = false;
    this.redisWasUp = this.world.redisIsUp();
  }

  /** They were greeted as somebody who does nothing. */
  lost(): void {
    this.lostAll = true;
  }

  /** They do something else of their own will. */
  leave(): void {
    this.struckAt = undefined;
  }

  /** Answers with how long it took (ms), where they were on it. */
  arrived(to: 'queue' | 'call'): number {
    if (this.struckAt === undefined) return 0;
    const ms = Date.now() - this.struckAt;
    const withRedis = this.redisWasUp && this.world.redisIsUp();
    this.world.tally.returns.push({ ms, to, lost: this.lostAll, withRedis });
    this.struckAt = undefined;
    return ms;
  }
}
