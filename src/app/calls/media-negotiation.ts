import { DomainError } from '../../domain/error';
import type { CallMedia, ClientData, Mode, Source } from '../../protocol';
import type { Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { CallBridges } from '../lines/call-bridges';
import type { LineDirectory } from '../lines/line-directory';
import type { ErrorReporter } from '../ports/error-reporter';
import type { Call } from './call';
import type { Calls } from './calls';
import type { Requeue } from './requeue';

/** What a call of each mode carries, whatever else the lines have: an audio call shows no camera. */
const SOURCES: Readonly<Record<Mode, readonly Source[]>> = {
  video: ['microphone', 'camera'],
  audio: ['microphone'],
  text: [],
};

export interface MediaNegotiationTimes {
  /** How long a call waits for a line that is still being made. */
  readonly lineMs: number;
  /** How long a client may take to make its consumers. */
  readonly answerMs: number;
  /** How long all attempts together may take until the media flows. */
  readonly troubleMs: number;
}

export interface MediaNegotiationDeps {
  readonly calls: Calls;
  readonly lines: Pick<LineDirectory, 'isReady'>;
  readonly bridges: Pick<CallBridges, 'create' | 'startFlow' | 'openFlow' | 'close'>;
  readonly requeue: Pick<Requeue, 'participants'>;
  readonly clock: Clock;
  readonly times: MediaNegotiationTimes;
  readonly reportError: ErrorReporter;
}

/**
 * Brings the media of each call from the match to flowing, and again after a line was lost. A call goes
 * awaiting_lines → bridging → offered → flowing; losing a line leads back to awaiting_lines.
 */
export class MediaNegotiation {
  private attempts = 0;

  constructor(private readonly deps: MediaNegotiationDeps) {
    deps.calls.on({
      allAccepted: (call) => this.allAccepted(call),
      ended: (call, _, by) => {
        this.ended(call);
        // The partner was not told of the call yet: for the partner the search simply goes on.
        if (!call.announced && by !== undefined) deps.requeue.participants(call, [by]);
      },
    });
  }

  /** A call has just been opened: announces it, with its media where both lines are ready. */
  async begin(call: Call): Promise<void> {
    if (call.mode === 'text') {
      this.announce(call, null);
      return;
    }
    if (this.bothReady(call)) {
      await this.renegotiate(call);
    } else {
      this.awaitLines(call);
      this.announce(call, null);
    }
  }

  /** A line can be used from now on: a call that waited for it goes on. */
  lineReady(peer: Peer): void {
    const call = this.callOf(peer);
    if (call === undefined || call.mode === 'text') return;
    // A new line replaces what the call had before: the old consumers went with the old line.
    this.renegotiate(call).catch(this.reporter('a call could not be bridged'));
  }

  /**
   * A line is gone: both sides' media stops. The client that lost it makes a new one, and the call is bridged again.
   */
  lineLost(peer: Peer): void {
    const call = this.callOf(peer);
    if (call === undefined || call.mode === 'text') return;
    this.deps.bridges.close(call.id);
    this.awaitLines(call);
  }

  /** The bridge is gone, though both lines may be there. */
  bridgeBroken(call: Call): void {
    if (call.media.state !== 'flowing' && call.media.state !== 'offered') return;
    this.renegotiate(call).catch(this.reporter('a call whose bridge broke could not be bridged again'));
  }

  /**
   * A client has made its consumers of this generation. When both have, the media flows. Until both have accepted, only
   * a client that has veiled its picture is ready; one that never says so fails by the time limit.
   */
  async clientReady(
    peer: Peer,
    { callId, generation, veiled }: ClientData<'call_media_ready'>,
  ): Promise<void> {
    const call = this.deps.calls.current(peer, callId);
    const { media } = call;
    if (media.state !== 'offered' || media.generation !== generation) return;
    if (call.phase.phase === 'accepting' && !veiled) {
      throw new DomainError('line_refused', 'before both have accepted, only a veiled picture is forwarded');
    }
    const answered = new Set(media.answered).add(peer.id);
    if (answered.size < call.participants.length) {
      call.media = { ...media, answered };
      return;
    }
    media.stop();
    call.media = { state: 'flowing', generation };
    call.troubleSince = null;
    try {
      await this.deps.bridges.startFlow(callId, generation, call.phase.phase === 'open');
      this.deps.calls.mediaFlows(call);
    } catch (error) {
      // A line that died at this moment is reported as lost and the call bridged again; anything else ends the call.
      if (call.media.state === 'flowing' && call.media.generation === generation && this.bothReady(call)) {
        if (isUnreachable(error)) this.awaitLines(call);
        else this.fail(call, []);
      }
      if (!(error instanceof DomainError)) throw error;
    }
  }

  /** A participant is back on a new socket: an offer that may have been lost on the old one is made again. */
  repeatOffer(call: Call): void {
    if (call.media.state === 'offered')
      this.renegotiate(call).catch(this.reporter('a call could not be bridged again'));
  }

  /** Both have accepted: sound and the whole picture flow from now on. */
  private allAccepted(call: Call): void {
    if (call.media.state === 'flowing')
      this.deps.bridges
        .openFlow(call.id)
        .catch(this.reporter('sound and the whole picture could not be added'));
  }

  private ended(call: Call): void {
    if (call.media.state === 'awaiting_lines' || call.media.state === 'offered') call.media.stop();
    call.media = { state: 'none' };
    this.deps.bridges.close(call.id);
  }

  /** Another node owns this call now, and negotiates its media. */
  release(call: Call): void {
    this.stopTimer(call);
    call.media = { state: 'none' };
  }

  /** This node owns the call now, whose media goes on flowing as it is. */
  adoptFlowing(call: Call, generation: number): void {
    call.media = { state: 'flowing', generation };
  }

  /** Bridges the lines (again) and tells both clients what to consume, in the announcement if it is still to come. */
  async renegotiate(call: Call): Promise<void> {
    if (!this.bothReady(call)) {
      if (call.media.state !== 'awaiting_lines') this.awaitLines(call);
      return;
    }
    const media = await this.offer(call);
    if (call.phase.phase === 'ended') return;
    if (!call.announced) {
      this.announce(call, media);
      return;
    }
    for (const { peer } of call.participants) {
      const own = media?.get(peer.id);
      if (own !== undefined) peer.send({ event: 'call_media', data: { callId: call.id, ...own } });
    }
  }

  private announce(call: Call, media: ReadonlyMap<string, CallMedia> | null): void {
    call.announced = true;
    this.deps.calls.announce(call, media);
  }

  /** Bridges the lines. Null when that failed: the call then waits for lines, or has ended meanwhile. */
  private async offer(call: Call): Promise<ReadonlyMap<string, CallMedia> | null> {
    this.stopTimer(call);
    this.attempts += 1;
    const attempt = this.attempts;
    call.media = { state: 'bridging', attempt };
    const isCurrent = (): boolean => call.media.state === 'bridging' && call.media.attempt === attempt;
    try {
      const media = await this.deps.bridges.create(call.id, call.peerIds, SOURCES[call.mode]);
      if (!isCurrent()) {
        if (call.phase.phase === 'ended') this.deps.bridges.close(call.id);
        return null;
      }
      const generation = Math.max(...[...media.values()].map((own) => own.generation));
      const stop = this.startTimer(call, this.deps.times.answerMs, () => this.offerTimedOut(call));
      call.media = { state: 'offered', generation, answered: new Set(), stop };
      return media;
    } catch (error) {
      if (!(error instanceof DomainError)) this.deps.reportError(error, 'lines could not be bridged');
      if (isCurrent()) {
        // A node that cannot be reached is dead or about to be heard again; a missing line is about to be reported as
        // lost. If the call ended at once, the two would be matched again at once, and again.
        if (this.bothReady(call) && !isUnreachable(error) && !isMissing(error)) this.fail(call, []);
        else this.awaitLines(call);
      }
      return null;
    }
  }

  private awaitLines(call: Call): void {
    this.stopTimer(call);
    const stop = this.startTimer(call, this.deps.times.lineMs, () => {
      this.fail(
        call,
        this.participantsWhere(call, (peer) => !this.deps.lines.isReady(peer.id)),
      );
    });
    call.media = { state: 'awaiting_lines', stop };
  }

  /** A timer that does not run out while a participant is away: their grace period has its own. */
  private startTimer(call: Call, ms: number, task: () => void): () => void {
    const now = this.deps.clock.elapsed();
    // However often a call is bridged, it has to flow within one limit.
    call.troubleSince ??= now;
    const left = Math.max(0, call.troubleSince + this.deps.times.troubleMs - now);
    let stop = (): void => undefined;
    const arm = (delayMs: number): void => {
      stop = this.deps.clock.after(delayMs, () =>
        call.participants.every(({ peer }) => peer.isHere) ? task() : arm(ms),
      );
    };
    arm(Math.min(ms, left));
    return () => stop();
  }

  private offerTimedOut(call: Call): void {
    if (call.media.state !== 'offered') return;
    const { answered } = call.media;
    this.fail(
      call,
      this.participantsWhere(call, (peer) => !answered.has(peer.id)),
    );
  }

  /**
   * The media cannot be made to flow, so the call ends. The participants on whose side it failed get an error and
   * become idle. The others go back to their search with the waiting time they had.
   */
  private fail(call: Call, failedAt: readonly Peer[]): void {
    if (call.phase.phase === 'ended') return;
    this.deps.calls.end(call, 'media_failed');
    for (const peer of failedAt) {
      peer.send({
        event: 'error',
        data: { code: 'media_unavailable', message: 'your line did not come about' },
      });
    }
    this.deps.requeue.participants(call, failedAt);
  }

  private participantsWhere(call: Call, test: (peer: Peer) => boolean): Peer[] {
    return call.participants.map(({ peer }) => peer).filter(test);
  }

  private bothReady(call: Call): boolean {
    return call.participants.every(({ peer }) => this.deps.lines.isReady(peer.id));
  }

  private stopTimer(call: Call): void {
    if (call.media.state === 'awaiting_lines' || call.media.state === 'offered') call.media.stop();
  }

  private callOf(peer: Peer): Call | undefined {
    return peer.state.kind === 'in_call' ? this.deps.calls.get(peer.state.callId) : undefined;
  }

  private reporter(message: string): (error: unknown) => void {
    return (error) => this.deps.reportError(error, message);
  }
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof DomainError && error.code === 'node_unreachable';

const isMissing = (error: unknown): boolean => error instanceof DomainError && error.code === 'line_missing';
