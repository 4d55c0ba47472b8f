import { estimateWait, type WaitSample } from '../../domain/wait-estimate';
import type { RelaxationStep } from '../../domain/pairing';
import type { Ticket } from '../../domain/pairing/ticket';
import type { Mode, ServerData } from '../../protocol';
import type { LiveStats } from '../peers/live-stats';
import type { Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import { haveBlocked } from './blocked';

/** Waits kept for each mode; older ones say nothing about now. */
const SAMPLES = 50;

/** Where more wait than this, it makes no difference to a peer whether some of them are blocked. */
const FEW = 20;

type Waiting = ServerData<'waiting_for_partner'>;

/** What can honestly be said to a waiting peer (M10). */
export class WaitEstimator {
  private readonly samples = new Map<Mode, WaitSample[]>();
  private readonly steps: Waiting['steps'];

  constructor(
    steps: readonly RelaxationStep[],
    private readonly liveStats: LiveStats,
    private readonly peers: Pick<PeerRegistry, 'all'>,
  ) {
    this.steps = steps.map(({ circle, afterMs }) => ({ circle, afterMs }));
  }

  matched(mode: Mode, tickets: readonly Pick<Ticket, 'since'>[], now: number): void {
    const fresh = tickets.map(({ since }) => ({ waitedMs: Math.max(0, now - since), at: now }));
    this.samples.set(mode, [...(this.samples.get(mode) ?? []), ...fresh].slice(-SAMPLES));
  }

  /** What can be said to this peer. `waitedMs`: null while they are not counted among the searching peers yet. */
  of(
    peer: Peer,
    { mode, waitedMs }: { readonly mode: Mode; readonly waitedMs: number | null },
    now: number,
  ): Pick<Waiting, 'steps' | 'estimateMs' | 'waiting'> {
    const searching = this.liveStats.now().searchingBy[mode];
    const others = Math.max(0, searching - (waitedMs === null ? 0 : 1));
    const waiting = others > FEW ? others : Math.max(0, others - this.neverMet(peer, mode));
    const samples = this.samples.get(mode) ?? [];
    const estimateMs = estimateWait({ samples, othersWaiting: waiting, now, waitedMs: waitedMs ?? 0 });
    return { steps: this.steps, estimateMs, waiting };
  }

  /** Those who search here and are kept from this peer by a block. Where few wait, it may be all of them. */
  private neverMet(peer: Peer, mode: Mode): number {
    let count = 0;
    for (const other of this.peers.all()) {
      const { state } = other;
      if (other === peer || state.kind !== 'searching' || !state.queued || state.wishes.mode !== mode)
        continue;
      if (haveBlocked(peer, other)) count += 1;
    }
    return count;
  }
}
