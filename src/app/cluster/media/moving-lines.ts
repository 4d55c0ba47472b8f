import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { LineAt } from '../contract';

/** How long a line that has given its place to another one may still be used, by the call that is joined anew. */
const LEAVING_MS = 5_000;

interface Leaving {
  readonly personId: string;
  readonly line: LineAt;
  readonly stop: () => void;
}

/** The lines that people have beside their own while it changes: one that is coming, and those on their way out (V9). */
export class MovingLines {
  private readonly coming = new Map<string, LineAt>();
  private readonly leaving = new Map<string, Leaving>();

  constructor(
    private readonly clock: Clock,
    private readonly closeAt: (personId: string, line: LineAt) => void,
  ) {}

  comingOf(personId: string): LineAt | undefined {
    return this.coming.get(personId);
  }

  has(personId: string, lineId: string): boolean {
    return this.coming.get(personId)?.lineId === lineId || this.leaving.get(lineId)?.personId === personId;
  }

  /** Neither the old nor the new way is alone yet. */
  isMoving(personId: string): boolean {
    if (this.coming.has(personId)) return true;
    return [...this.leaving.values()].some((leaving) => leaving.personId === personId);
  }

  come(personId: string, line: LineAt): void {
    this.giveUp(personId);
    this.coming.set(personId, line);
  }

  /** It is the person's line from now on. */
  arrive(personId: string): void {
    this.coming.delete(personId);
  }

  /** The line that is coming comes no more. */
  giveUp(personId: string): void {
    const line = this.coming.get(personId);
    if (line === undefined) return;
    this.coming.delete(personId);
    this.closeAt(personId, line);
  }

  retire(personId: string, line: LineAt): void {
    const stop = this.clock.after(LEAVING_MS, () => this.close(personId, line.lineId));
    this.leaving.set(line.lineId, { personId, line, stop });
  }

  /** `false` when this is no such line of theirs. */
  close(personId: string, lineId: string): boolean {
    if (this.coming.get(personId)?.lineId === lineId) {
      this.giveUp(personId);
      return true;
    }
    const leaving = this.leaving.get(lineId);
    if (leaving?.personId !== personId) return false;
    leaving.stop();
    this.leaving.delete(lineId);
    this.closeAt(personId, leaving.line);
    return true;
  }

  closeAll(personId: string): void {
    this.giveUp(personId);
    for (const [lineId, leaving] of [...this.leaving]) {
      if (leaving.personId === personId) this.close(personId, lineId);
    }
  }

  /** The line is gone, and nobody need close it. */
  lost(personId: string, lineId: string): void {
    if (this.coming.get(personId)?.lineId === lineId) this.coming.delete(personId);
    this.leaving.get(lineId)?.stop();
    this.leaving.delete(lineId);
  }

  nodeDied(node: NodeAddress): void {
    for (const [personId, line] of [...this.coming]) if (line.node === node) this.lost(personId, line.lineId);
    for (const { personId, line } of [...this.leaving.values()])
      if (line.node === node) this.lost(personId, line.lineId);
  }
}
