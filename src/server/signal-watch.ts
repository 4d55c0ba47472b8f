import type { Logger } from 'pino';
import type { RunningServer } from './index';

/** How long an orderly stop may take before the process ends all the same. */
const STOP_MS = 8_000;
/** Ctrl-C reaches the process twice under npm. A SIGINT that comes later than this is a second wish to stop. */
const SAME_WISH_MS = 1_000;

type Stage =
  | { readonly kind: 'starting' }
  | { readonly kind: 'serving'; readonly server: RunningServer }
  | { readonly kind: 'draining'; readonly server: RunningServer }
  | { readonly kind: 'stopping'; readonly since: number };

/** Ends the process with this code, when the last lines of the log are written. */
export type Exit = (code: 0 | 1) => void;

/** Where signals come from: the process, but for tests. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGHUP' | 'SIGINT', listener: (signal: NodeJS.Signals) => void): unknown;
}

/**
 * Stops the server on signals. After SIGTERM, or SIGHUP when the terminal is closed, the node first hands over its calls and
 * peers to other nodes, if there are any. A second one of them, or SIGINT, stops at once; another SIGINT later ends the
 * process. A signal during the start is obeyed when the start is done, so that what was opened is closed.
 */
export class SignalWatch {
  private stage: Stage = { kind: 'starting' };

  constructor(
    private readonly log: Pick<Logger, 'info' | 'warn' | 'error'>,
    private readonly exit: Exit,
    signals: SignalSource = process,
  ) {
    signals.on('SIGTERM', (signal) => this.handOver(signal));
    signals.on('SIGHUP', (signal) => this.handOver(signal));
    signals.on('SIGINT', (signal) => this.interrupt(signal));
  }

  /** The start is done. */
  serving(server: RunningServer): void {
    if (this.stage.kind === 'stopping') void this.close(server);
    else this.stage = { kind: 'serving', server };
  }

  private handOver(signal: NodeJS.Signals): void {
    const { stage } = this;
    switch (stage.kind) {
      case 'starting':
      case 'draining':
        return this.stop(signal);
      case 'serving':
        this.stage = { kind: 'draining', server: stage.server };
        void this.drain(stage.server, signal).then(() => this.stop(signal));
        return;
      case 'stopping':
        return;
    }
  }

  /** Never throws: whatever becomes of the drain, the server has to be closed. */
  private async drain(server: RunningServer, signal: NodeJS.Signals): Promise<void> {
    try {
      // Alone there is nobody to hand over to, and the drain is over at once.
      if (server.hasOtherNodes()) this.log.info({ signal }, 'handing over to other nodes');
      await server.drain();
    } catch (error) {
      this.log.error({ err: error }, 'handing over to other nodes failed');
    }
  }

  private interrupt(signal: NodeJS.Signals): void {
    if (this.stage.kind !== 'stopping') return this.stop(signal);
    if (performance.now() - this.stage.since < SAME_WISH_MS) return;
    this.log.warn({ signal }, 'the stop was cut short');
    this.exit(1);
  }

  private stop(signal: NodeJS.Signals): void {
    const { stage } = this;
    if (stage.kind === 'stopping') return;
    this.stage = { kind: 'stopping', since: performance.now() };
    this.log.info({ signal }, stage.kind === 'starting' ? 'stopping when the start is done' : 'stopping');
    setTimeout(() => {
      this.log.error('stopping took too long');
      this.exit(1);
    }, STOP_MS).unref();
    if (stage.kind !== 'starting') void this.close(stage.server);
  }

  private async close(server: RunningServer): Promise<void> {
    try {
      await server.close();
    } catch (error) {
      this.log.error({ err: error }, 'stopping failed');
      return this.exit(1);
    }
    this.exit(0);
  }
}
