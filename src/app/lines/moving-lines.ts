import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { LineAt } from '../cluster/contract';

/** How long a line that has given its place to another one may still be used, by the call that is joined anew. */
const LEAVING_MS = 5_000;

interface Leaving {
  readonly peerId: string;
  readonly line: LineAt;
  readonly stop: () => void;
}

/** The lines that people have beside their own while it changes: one that is coming, and those on their way out (V9). */
export class MovingLines {
  private readonly coming = new Map<string, LineAt>();
  private readonly leaving = new Map<string, Leaving>();

  constructor(
    private readonly clock: Clock,
    private readonly closeAt: (peerId: string, line: LineAt) => void,
  ) {}

  comingOf(peerId: string): LineAt | undefined {
    return this.coming.get(peerId);
  }

  has(peerId: string, lineId: string): boolean {
    return this.coming.get(peerId)?.lineId === lineId || this.leaving.get(lineId)?.peerId === peerId;
  }

  /** Neither the old nor the new way is alone yet. */
  isMoving(peerId: string): boolean {
    if (this.coming.has(peerId)) return true;
    return [...this.leaving.values()].some((leaving) => leaving.peerId === peerId);
  }

  come(peerId: string, line: LineAt): void {
    this.giveUp(peerId);
    this.coming.set(peerId, line);
  }

  /** It is the person's line from now on. */
  arrive(peerId: string): void {
    this.coming.delete(peerId);
  }

  /** The line that is coming comes no more. */
  giveUp(peerId: string): void {
    const line = this.coming.get(peerId);
    if (line === undefined) return;
    this.coming.delete(peerId);
    this.closeAt(peerId, line);
  }

  retire(peerId: string, line: LineAt): void {
    const stop = this.clock.after(LEAVING_MS, () => this.close(peerId, line.lineId));
    this.leaving.set(line.lineId, { peerId, line, stop });
  }

  /** `false` when this is no such line of theirs. */
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

  /** The line is gone, and nobody need close it. */
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
