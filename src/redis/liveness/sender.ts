import type { NodeAddress } from '../../app/ports/bus';
import { asError } from '../unavailable';
import type { Signs } from './signs';

const SEND_MS = 250;
/**
 * A node whose event loop has not gone round for this long (ms) serves nobody, and is to be declared dead. A node that
 * is only busy is late by far less.
 */
const STUCK_MS = 15_000;

export interface SenderDeps {
  readonly signs: Pick<Signs, 'send'>;
  readonly self: NodeAddress;
  readonly onLapse: () => void;
  readonly onSent: () => void;
  readonly onFailed: (error: Error) => void;
  /** Monotonic (ms). */
  readonly now: () => number;
}

/**
 * Sends a node's signs of life for as long as the node's event loop goes round and the node is well. Runs in a thread
 * of its own.
 */
export class Sender {
  private ranAt: number;
  private since: number | undefined;
  private isSending = false;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly deps: SenderDeps) {
    this.ranAt = deps.now();
    this.timer = setInterval(() => void this.send(), SEND_MS);
    void this.send();
  }

  /** The node's event loop has gone round, and the node was well. */
  running(): void {
    this.ranAt = this.deps.now();
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async send(): Promise<void> {
    const { signs, self, now, onLapse, onSent, onFailed } = this.deps;
    if (this.isSending || now() - this.ranAt >= STUCK_MS) return;
    this.isSending = true;
    try {
      const since = await signs.send(self);
      // Not told by one answer alone, since the answer that follows a gap may be lost.
      if (this.since !== undefined && since !== this.since) onLapse();
      this.since = since;
      onSent();
    } catch (error) {
      // Redis is away, and no node is declared dead meanwhile. The next sign tells whether there was a gap.
      onFailed(asError(error));
    } finally {
      this.isSending = false;
    }
  }
}
