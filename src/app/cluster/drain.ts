import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Membership } from './membership';

/** How often a draining node looks for what can move. */
const STEP_MS = 100;
/** At the time limit peers move whatever they are doing. How long other nodes then have to take them over. */
const FORCED_MS = 2_000;

/** What a draining node still has. */
export interface DrainRemainder {
  readonly peers: number;
  readonly lines: number;
  readonly calls: number;
}

/** Moves one kind of thing to other nodes. In each step, all stages are called in their order. */
export interface DrainStage {
  /** What another node has to offer: media workers for lines, or a gateway for peers and calls. */
  readonly needs: 'media' | 'gateways';
  /** The drain begins. */
  begin?(): void;
  /** Moves what can move now. `isForced`: the time limit is reached, so peers go with whatever they are doing. */
  move(isForced: boolean): void;
}

/** Whether this node is draining: set here, sent with each heartbeat. */
export interface DrainFlag {
  isDraining: boolean;
}

export interface DrainDeps {
  readonly flag: DrainFlag;
  readonly membership: Membership;
  readonly stages: readonly DrainStage[];
  readonly remaining: () => DrainRemainder;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * Drains this node while it runs, so that its end interrupts no call (V9). No new lines or peers come. First clients
 * make new lines on other nodes beside those that are here. Then sockets are sent to other nodes, which become the
 * gateways of their peers. Then the calls get other owners. Without another node nothing can move, and everything
 * stays.
 */
export class Drain {
  private isForced = false;
  /** A fault is met again at each step, ten times a second; it is reported once. */
  private hasFailed = false;
  private stop: (() => void) | undefined;
  private readonly waiting: (() => void)[] = [];
  private readonly stopLimits: (() => void)[] = [];

  constructor(private readonly deps: DrainDeps) {}

  get isDraining(): boolean {
    return this.deps.flag.isDraining;
  }

  get remaining(): DrainRemainder {
    return this.deps.remaining();
  }

  /** Idempotent. */
  begin(): void {
    if (this.isDraining) return;
    const { flag, membership, stages, clock } = this.deps;
    flag.isDraining = true;
    this.hasFailed = false;
    for (const stage of stages) this.attempt(() => stage.begin?.());
    membership.beat();
    this.stop = clock.every(STEP_MS, () => this.step());
  }

  /** What has moved stays where it is; new peers and lines may come again. */
  cancel(): void {
    if (!this.isDraining) return;
    this.deps.flag.isDraining = false;
    this.isForced = false;
    this.stopAll();
    this.deps.membership.beat();
  }

  /** Begins, and resolves when nothing is left, when the limit is reached, or when there is nowhere to go. */
  finish(limitMs: number): Promise<void> {
    const { clock } = this.deps;
    this.begin();
    const done = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.stopLimits.push(
      clock.after(limitMs, () => (this.isForced = true)),
      clock.after(limitMs + FORCED_MS, () => this.done()),
    );
    this.step();
    return done;
  }

  close(): void {
    this.stopAll();
    this.done();
  }

  private stopAll(): void {
    this.stop?.();
    for (const stop of this.stopLimits.splice(0)) stop();
  }

  private done(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** A fault in one stage must not keep the others from moving what they have, nor the process from its orderly end. */
  private attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (this.hasFailed) return;
      this.hasFailed = true;
      this.deps.reportError(error, 'something could not be moved to another node');
    }
  }

  private step(): void {
    const { membership, stages } = this.deps;
    const open = membership.others().filter(({ draining }) => !draining);
    const offered = {
      media: open.some(({ workers }) => workers > 0),
      gateways: open.some(({ role }) => role !== 'media'),
    };
    for (const stage of stages) if (offered[stage.needs]) this.attempt(() => stage.move(this.isForced));
    const { peers, lines, calls } = this.remaining;
    if (peers + lines + calls === 0 || open.length === 0) this.done();
  }
}
