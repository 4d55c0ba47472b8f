import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { LineLocation } from './line-location';

/** How long a replaced line stays open for its call, while the call is bridged over the new line. */
const LEAVING_MS = 5_000;

interface Leaving {
  readonly peerId: string;
  readonly line: LineLocation;
  readonly stop: () => void;
}

/** The further lines of peers whose line moves: the new one while it is made, and replaced ones for a while (V9). */
export class MovingLines {
  private readonly coming = new Map<string, LineLocation>();
  private readonly leaving = new Map<string, Leaving>();

  constructor(
    private readonly clock: Clock,
    private readonly closeAt: (peerId: string, line: LineLocation) => void,
  ) {}

  comingOf(peerId: string): LineLocation | undefined {
    return this.coming.get(peerId);
  }

  has(peerId: string, lineId: string): boolean {
    return this.coming.get(peerId)?.lineId === lineId || this.leaving.get(lineId)?.peerId === peerId;
  }

  /** Whether the peer has more than one line at this moment. */
  isMoving(peerId: string): boolean {
    if (this.coming.has(peerId)) return true;
    return [...this.leaving.values()].some((leaving) => leaving.peerId === peerId);
  }

  come(peerId: string, line: LineLocation): void {
    this.giveUp(peerId);
    this.coming.set(peerId, line);
  }

  /** The new line is the peer's line from now on. */
  arrive(peerId: string): void {
    this.coming.delete(peerId);
  }

  /** The new line is not wanted any more. */
  giveUp(peerId: string): void {
    const line = this.coming.get(peerId);
    if (line === undefined) return;
    this.coming.delete(peerId);
    this.closeAt(peerId, line);
  }

  retire(peerId: string, line: LineLocation): void {
    const stop = this.clock.after(LEAVING_MS, () => this.close(peerId, line.lineId));
    this.leaving.set(line.lineId, { peerId, line, stop });
  }

  /** `false` when the peer has no such further line. */
  close(peerId: string, lineId: string): boolean {
    if (this.coming.get(peerId)?.lineId === lineId) {
      this.giveUp(peerId);
      return true;
    }
    const leaving = this.leaving.get(lineId);
    if (leaving?.peerId !== peerId) return false;
    leaving.stop();
    this.leaving.delete(lineId);
    this.closeAt(peerId, leaving.line);
    return true;
  }

  closeAll(peerId: string): void {
    this.giveUp(peerId);
    for (const [lineId, leaving] of [...this.leaving]) {
      if (leaving.peerId === peerId) this.close(peerId, lineId);
    }
  }

  /** The line is gone already, so it is not closed. */
  lost(peerId: string, lineId: string): void {
    if (this.coming.get(peerId)?.lineId === lineId) this.coming.delete(peerId);
    this.leaving.get(lineId)?.stop();
    this.leaving.delete(lineId);
  }

  nodeDied(node: NodeAddress): void {
    for (const [peerId, line] of [...this.coming]) if (line.node === node) this.lost(peerId, line.lineId);
    for (const { peerId, line } of [...this.leaving.values()])
      if (line.node === node) this.lost(peerId, line.lineId);
  }
}
