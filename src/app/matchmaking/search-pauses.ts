import { fullBucket, takeToken, type RateLimit } from '../../domain/token-bucket';
import type { Wishes } from '../../protocol';
import type { Peer, PeerState } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';

/** New searches begin at the pace that this node can carry. Both answer with how long one has to wait (ms). */
export interface NewSearches {
  /** Throws `DomainError('server_busy')` when that would be too long. */
  take(kind: 'search'): number;
  takeSurely(kind: 'search'): number;
}

/** The guests of an address share a pace. */
export interface SearchPace {
  /** Answers 0, or how long the search has to wait (ms). */
  search(peer: Peer): Promise<number>;
}

export interface SearchPausesDeps {
  readonly clock: Clock;
  readonly peers: Pick<PeerRegistry, 'get'>;
  /** How many skips a peer may make in a burst, and how fast skips come back (M8). */
  readonly skips: RateLimit;
  readonly pace: SearchPace;
  /** Puts a peer into the queue, as searching from now on. */
  readonly queue: (peer: Peer, wishes: Wishes) => Promise<void>;
  /** Tells a peer for how long they have to wait. */
  readonly tell: (peer: Peer) => void;
  readonly reportError: ErrorReporter;
}

/** Begins searches, after a pause where a peer skips too fast or too many come at once. */
export class SearchPauses {
  constructor(private readonly deps: SearchPausesDeps) {}

  /** `turnMs`: for how long the node makes new searches wait. Answers with the pause (ms). */
  async begin(peer: Peer, wishes: Wishes, turnMs: number): Promise<number> {
    const { clock, peers } = this.deps;
    // Asking may take a moment, in which the search can be given up or move to another node, as in any pause.
    const asking: PeerState = { kind: 'cooldown', wishes, until: clock.elapsed(), stop: () => undefined };
    peer.state = asking;
    const isAsking = (): boolean => peer.state === asking && peers.get(peer.id) === peer;
    let waitMs: number;
    try {
      waitMs = Math.max(turnMs, await this.takeSkip(peer));
    } catch (error) {
      if (isAsking()) peer.state = { kind: 'idle' };
      throw error;
    }
    if (!isAsking()) return 0;
    if (waitMs === 0) {
      await this.deps.queue(peer, wishes);
      return 0;
    }
    this.pause(peer, wishes, waitMs);
    this.deps.tell(peer);
    return waitMs;
  }

  /** The search begins by itself after this time (ms). A pause goes along to another gateway. */
  pause(peer: Peer, wishes: Wishes, waitMs: number): void {
    const { clock, reportError } = this.deps;
    const stop = clock.after(waitMs, () => {
      if (peer.state.kind !== 'cooldown') return;
      // This search uses the skip that has come back meanwhile.
      this.begin(peer, wishes, 0).catch((error: unknown) => {
        reportError(error, 'a search could not begin after its pause');
      });
    });
    peer.state = { kind: 'cooldown', wishes, until: clock.elapsed() + waitMs, stop };
  }

  /**
   * A search after a call that the peer ended themselves costs one of their skips, and one of their address. The first
   * search of a peer costs the latter as well: whoever comes anew instead of skipping gains nothing. Answers 0, or how
   * long it takes until there is one again (ms). While one of the two is missing, the other is not used up.
   */
  private async takeSkip(peer: Peer): Promise<number> {
    const { clock, skips, pace } = this.deps;
    const isSkip = peer.endedLastCall;
    if (!isSkip && peer.hasSearched) return 0;
    const now = clock.elapsed();
    const own = takeToken(peer.skipBucket ?? fullBucket(skips, now), skips, now);
    if (isSkip && own.waitMs > 0) return own.waitMs;
    const waitMs = await pace.search(peer);
    if (waitMs > 0) return waitMs;
    if (isSkip) peer.skipBucket = own.bucket;
    peer.endedLastCall = false;
    peer.hasSearched = true;
    return 0;
  }
}
