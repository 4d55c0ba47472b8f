import { estimateWait, type WaitSample } from '../../domain/wait-estimate';
import type { RelaxationStep } from '../../domain/pairing';
import type { Ticket } from '../../domain/pairing/ticket';
import type { Mode, ServerData } from '../../protocol';
import type { LiveStats } from '../peers/live-stats';

/** Waits kept for each mode; older ones say nothing about now. */
const SAMPLES = 50;

type Waiting = ServerData<'waiting_for_partner'>;

/** What can honestly be said to a waiting peer (M10). */
export class WaitEstimator {
  private readonly samples = new Map<Mode, WaitSample[]>();
  private readonly steps: Waiting['steps'];

  constructor(
    steps: readonly RelaxationStep[],
    private readonly liveStats: LiveStats,
  ) {
    this.steps = steps.map(({ circle, afterMs }) => ({ circle, afterMs }));
  }

  matched(mode: Mode, tickets: readonly Pick<Ticket, 'since'>[], now: number): void {
    const fresh = tickets.map(({ since }) => ({ waitedMs: Math.max(0, now - since), at: now }));
    this.samples.set(mode, [...(this.samples.get(mode) ?? []), ...fresh].slice(-SAMPLES));
  }

  /** `waitedMs`: how long the peer has waited, or null while they are not counted among the searching peers yet. */
  of(mode: Mode, waitedMs: number | null, now: number): Pick<Waiting, 'steps' | 'estimateMs' | 'waiting'> {
    const searching = this.liveStats.now().searchingBy[mode];
    const waiting = Math.max(0, searching - (waitedMs === null ? 0 : 1));
    const samples = this.samples.get(mode) ?? [];
    const estimateMs = estimateWait({ samples, othersWaiting: waiting, now, waitedMs: waitedMs ?? 0 });
    return { steps: this.steps, estimateMs, waiting };
  }
}
