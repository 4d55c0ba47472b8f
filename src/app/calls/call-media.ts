import { Refusal } from '../../domain/refusal';
import type { CallMedia, Mode, Source } from '../../protocol';
import type { Person } from '../people/person';
import type { Clock } from '../ports/clock';
import type { MediaPlane } from '../ports/media-plane';
import type { Call } from './call';
import type { Calls } from './calls';

/** What a call of each mode carries, whatever else the lines may have: a voice call shows nobody's camera. */
const SOURCES: Readonly<Record<Mode, readonly Source[]>> = {
  video: ['microphone', 'camera'],
  audio: ['microphone'],
  text: [],
};

export interface CallMediaTimes {
  /** How long a call waits for a line that is still being made. */
  readonly lineMs: number;
  /** How long a client may take to make its consumers. */
  readonly answerMs: number;
  /** How long all attempts together may take until the media flows. */
  readonly troubleMs: number;
}

export interface CallMediaEvents {
  /** The media could not be had; `at` are the people whose side it was (none: ours). */
  failed(call: Call, at: readonly Person[]): void;
  fault(error: unknown, words: string): void;
}

/**
 * Brings the media of each call from the match to flowing, and again after a line was lost. A call goes
 * awaiting_lines → joining → offered → flowing; losing a line leads back to awaiting_lines.
 */
export class CallMediaDirector {
  private attempts = 0;

  constructor(
    private readonly calls: Calls,
    private readonly media: MediaPlane,
    private readonly clock: Clock,
    private readonly times: CallMediaTimes,
    private readonly events: CallMediaEvents,
  ) {}

  /** A call has just been opened: announces it, with its media where both lines are ready. */
  async begin(call: Call): Promise<void> {
    if (call.mode === 'text') {
      this.announce(call, null);
      return;
    }
    if (this.bothReady(call)) {
      await this.rejoin(call);
    } else {
      this.awaitLines(call);
      this.announce(call, null);
    }
  }

  /** A line can be used from now on: a call that waited for it goes on. */
  lineReady(person: Person): void {
    const call = this.callOf(person);
    if (call === undefined || call.mode === 'text') return;
    // A line that is ready anew replaces whatever this call had: the old consumers went with the old line.
    this.rejoin(call).catch(this.report('a call could not be joined'));
  }

  /** A line is gone: both sides' media stops; who lost it makes a new one and the call is joined again. */
  lineLost(person: Person): void {
    const call = this.callOf(person);
    if (call === undefined || call.mode === 'text') return;
    this.media.part(call.id);
    this.awaitLines(call);
  }

  /** Nothing flows between the two lines any more, though they are there. */
  broken(call: Call): void {
    if (call.media.state !== 'flowing' && call.media.state !== 'offered') return;
    this.rejoin(call).catch(this.report('a call whose way broke could not be joined again'));
  }

  /** A client has made its consumers of this generation. When both have, the media flows. */
  async answered(person: Person, callId: string, generation: number): Promise<void> {
    const call = this.calls.present(person, callId);
    const { media } = call;
    if (media.state !== 'offered' || media.generation !== generation) return;
    const answered = new Set(media.answered).add(person.id);
    if (answered.size < call.members.length) {
      call.media = { ...media, answered };
      return;
    }
    media.stop();
    call.media = { state: 'flowing', generation };
    call.troubleSince = null;
    try {
      await this.media.start(callId, generation, call.phase.phase === 'open');
      this.calls.mediaFlows(call);
    } catch (error) {
      // A line that died at this moment is announced as lost and joined again; anything else ends the call.
      if (call.media.state === 'flowing' && call.media.generation === generation && this.bothReady(call)) {
        if (isUnreachable(error)) this.awaitLines(call);
        else this.fail(call, []);
      }
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** Someone is back on a new socket: an offer that may have been lost on the old one is made again. */
  back(call: Call): void {
    if (call.media.state === 'offered')
      this.rejoin(call).catch(this.report('a call could not be joined again'));
  }

  /** Both have said yes: the sound comes on. */
  allAccepted(call: Call): void {
    if (call.media.state === 'flowing')
      this.media.open(call.id).catch(this.report('sound could not be opened'));
  }

  ended(call: Call): void {
    if (call.media.state === 'awaiting_lines' || call.media.state === 'offered') call.media.stop();
    call.media = { state: 'none' };
    this.media.part(call.id);
  }

  /** Another node is the home of this call: what is to be done for its media is done there. */
  letGo(call: Call): void {
    this.stopTimer(call);
    call.media = { state: 'none' };
  }

  /** This node is the home of a call whose media goes on as it is. */
  carryOn(call: Call, generation: number): void {
    call.media = { state: 'flowing', generation };
  }

  /** Joins the lines (again) and tells both what to consume: with the announcement if that is still to come. */
  async rejoin(call: Call): Promise<void> {
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
    for (const { person } of call.members) {
      const own = media?.get(person.id);
      if (own !== undefined) person.tell({ event: 'call_media', data: { callId: call.id, ...own } });
    }
  }

  private announce(call: Call, media: ReadonlyMap<string, CallMedia> | null): void {
    call.announced = true;
    this.calls.announce(call, media);
  }

  /** Joins the lines. Null when that came to nothing: the call then waits for lines, or has ended meanwhile. */
  private async offer(call: Call): Promise<ReadonlyMap<string, CallMedia> | null> {
    this.stopTimer(call);
    this.attempts += 1;
    const attempt = this.attempts;
    call.media = { state: 'joining', attempt };
    const isCurrent = (): boolean => call.media.state === 'joining' && call.media.attempt === attempt;
    try {
      const media = await this.media.join(call.id, call.personIds, SOURCES[call.mode]);
      if (!isCurrent()) {
        if (call.phase.phase === 'ended') this.media.part(call.id);
        return null;
      }
      const generation = Math.max(...[...media.values()].map((own) => own.generation));
      const stop = this.patiently(call, this.times.answerMs, () => this.unanswered(call));
      call.media = { state: 'offered', generation, answered: new Set(), stop };
      return media;
    } catch (error) {
      if (!(error instanceof Refusal)) this.events.fault(error, 'lines could not be joined');
      if (isCurrent()) {
        // A node that cannot be reached is dead or about to be heard again; a line that is not where it was is about to
        // be lost. Ended at once, the two would be matched again at once, and again.
        if (this.bothReady(call) && !isUnreachable(error) && !isMissing(error)) this.fail(call, []);
        else this.awaitLines(call);
      }
      return null;
    }
  }

  private awaitLines(call: Call): void {
    this.stopTimer(call);
    const stop = this.patiently(call, this.times.lineMs, () => {
      this.fail(
        call,
        this.membersWhere(call, (person) => !this.media.isReady(person.id)),
      );
    });
    call.media = { state: 'awaiting_lines', stop };
  }

  /** A timer that does not run out on somebody who is away: their grace has its own. */
  private patiently(call: Call, ms: number, task: () => void): () => void {
    const now = this.clock.now();
    // However often a call is joined anew, it has to flow within one limit.
    call.troubleSince ??= now;
    const left = Math.max(0, call.troubleSince + this.times.troubleMs - now);
    let stop = (): void => undefined;
    const arm = (delayMs: number): void => {
      stop = this.clock.after(delayMs, () =>
        call.members.every(({ person }) => person.isHere) ? task() : arm(ms),
      );
    };
    arm(Math.min(ms, left));
    return () => stop();
  }

  private unanswered(call: Call): void {
    if (call.media.state !== 'offered') return;
    const { answered } = call.media;
    this.fail(
      call,
      this.membersWhere(call, (person) => !answered.has(person.id)),
    );
  }

  private fail(call: Call, at: readonly Person[]): void {
    if (call.phase.phase !== 'ended') this.events.failed(call, at);
  }

  private membersWhere(call: Call, test: (person: Person) => boolean): Person[] {
    return call.members.map(({ person }) => person).filter(test);
  }

  private bothReady(call: Call): boolean {
    return call.members.every(({ person }) => this.media.isReady(person.id));
  }

  private stopTimer(call: Call): void {
    if (call.media.state === 'awaiting_lines' || call.media.state === 'offered') call.media.stop();
  }

  private callOf(person: Person): Call | undefined {
    return person.session.state === 'in_call' ? this.calls.get(person.session.callId) : undefined;
  }

  private report(words: string): (error: unknown) => void {
    return (error) => this.events.fault(error, words);
  }
}

const isUnreachable = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'node_unreachable';

const isMissing = (error: unknown): boolean => error instanceof Refusal && error.code === 'line_missing';
