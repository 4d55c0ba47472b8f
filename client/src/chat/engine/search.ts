import { wishesSchema, type Mode, type ServerData, type WishesInput } from '../../../../src/protocol';
import { hasErrorCode } from '../../errors/request-error';
import { tabStorage } from '../../storage/browser-storage';
import type { SignalingClient } from './signaling-client';
import type { CallView, CallEndReason, HoldReason, Phase } from './state';

/**
 * The countdown to the automatic next search after a call (M8): long enough to read a last message, to take back a
 * block, or to decide to stay.
 */
const AUTO_NEXT_MS = 10_000;
/** A call that never opened leaves nothing to read. */
const AUTO_NEXT_UNOPENED_MS = 5_000;

/** No automatic search follows these reasons, because it would fail in the same way. */
const NO_AUTO_NEXT_AFTER: ReadonlySet<CallEndReason> = new Set<CallEndReason>(['media_failed', 'plan_over']);

/** For this long two people do not meet again while somebody else waits (M2). */
const RECENT_MS = 30 * 60_000;

/** The name under which this tab stores the wishes of the search, so that it can continue after a reload. */
const WISHES_NAME = 'wishes';

export interface SearchHost {
  phase(): Phase;
  show(phase: Phase): void;
  requestFailed(error: unknown): void;
  /** Opens the devices that this mode needs. */
  needDevices(mode: Mode): void;
  /** The line is not used by a call any more. */
  endLineUse(): void;
  /** Whether the server knows the user's age from the account. */
  hasAge(): boolean;
}

/** The search: starts and ends it, starts the next one automatically, and resumes it after a reload. */
export class Search {
  private wishes = rememberedWishes();
  /** Whether the user wants to be matched. Messages about a search that the user has ended are ignored. */
  private wanted = false;
  private nextTimer: number | undefined;
  /** The next search starts automatically as soon as nothing prevents it. */
  private autoNext = false;
  private readonly holds = new Set<HoldReason>();
  /** The next search waits for a new connection. */
  private awaitsConnection = false;
  /** How many matches in a row the user did not react to: they may be away. */
  private unanswered = 0;
  /** The request for this search has not reached the server. */
  private unsent = false;
  /** The end of an earlier search, or the request for the next partner, has not reached the server. */
  private cancelUnsent = false;
  private nextUnsent = false;
  /** When the server last confirmed that the user is in the queue. */
  private lastWaitingAt = Number.NEGATIVE_INFINITY;
  private met: { name: string; at: number } | undefined;

  constructor(
    private readonly signaling: SignalingClient,
    private readonly host: SearchHost,
  ) {}

  get isWanted(): boolean {
    return this.wanted;
  }

  /**
   * Compares a search with what the server says after a reconnection. A node that dies may take the answer to the last
   * step along: the next node then still has the call that the user has left, or the search that they have ended.
   * Answers with the call that the user is out of.
   */
  compare(
    { state, callId }: ServerData<'connected'>['session'],
    leftCall: string | undefined,
  ): string | undefined {
    const isLeft = callId !== null && callId === leftCall;
    const isReplaced = this.cancelUnsent && !isLeft;
    const isNextSent = this.nextUnsent;
    this.cancelUnsent = false;
    this.nextUnsent = false;
    if (state === 'idle' || (isLeft && this.unsent)) this.again();
    else if (isLeft) {
      // What was sent reliably is on its way already.
      if (!isNextSent) this.askForNext(callId);
    } else if (isReplaced) {
      // The server still has the search that has ended, or a call that it found.
      if (callId === null) this.requestCancel();
      else this.signaling.sendReliably('leave_room', { callId });
      this.again();
      return callId ?? leftCall;
    }
    return leftCall;
  }

  find(wishes: WishesInput): void {
    this.unsent = false;
    this.wishes = wishes;
    tabStorage.write(WISHES_NAME, JSON.stringify(wishes));
    this.begin(wishes);
    this.signaling.request('find_partner', { ...wishes, agreed: true }).catch((error: unknown) => {
      // Without a connection the search is requested after the next `connected`.
      this.unsent = hasErrorCode(error, 'disconnected');
      if (this.unsent) return;
      if (this.host.phase().phase === 'searching') this.host.show({ phase: 'idle' });
      this.host.requestFailed(error);
    });
  }

  /** Searches again with the same wishes, where there are any. */
  again(): void {
    if (this.wishes !== undefined) this.find(this.wishes);
  }

  cancel(): void {
    this.abandon();
    this.host.show({ phase: 'idle' });
    this.requestCancel();
  }

  /** Without a connection the request is sent after the next `connected`, before a search that was begun by then. */
  private requestCancel(): void {
    this.signaling.request('cancel_search', {}).catch((error: unknown) => {
      this.cancelUnsent = hasErrorCode(error, 'disconnected');
      // The search may have ended already.
      if (!this.cancelUnsent && !hasErrorCode(error, 'not_searching')) this.host.requestFailed(error);
    });
  }

  /** Ends this call and searches for the next partner. */
  skip(call: CallView): void {
    const { callId } = call;
    this.hasMet(call);
    this.host.endLineUse();
    if (this.wishes !== undefined) this.begin(this.wishes);
    this.wanted = true;
    this.unsent = false;
    this.askForNext(callId);
  }

  private askForNext(callId: string): void {
    const askedAt = performance.now();
    this.signaling.request('next_partner', { callId }).catch((error: unknown) => {
      // The partner ended the call at the same moment, but the user still wants the next one.
      if (hasErrorCode(error, 'no_call', 'stale_call')) {
        // After a lost call the server may have put the user back into the queue already.
        if (this.lastWaitingAt < askedAt) this.again();
      } else if (hasErrorCode(error, 'disconnected')) {
        this.nextUnsent = true;
        this.signaling.sendReliably('next_partner', { callId });
      } else this.host.requestFailed(error);
    });
  }

  /** Records the partner of a call that the user has ended. */
  hasMet({ partner }: CallView): void {
    this.met = { name: partner.name, at: performance.now() };
    this.unanswered = 0;
  }

  /** The user has changed: drops the wishes and the last partner of the previous one. */
  forget(): void {
    this.abandon();
    this.cancelUnsent = false;
    this.nextUnsent = false;
    this.wishes = undefined;
    this.met = undefined;
    tabStorage.write(WISHES_NAME, null);
  }

  /** The user does not want to be matched (any more). */
  abandon(): void {
    this.wanted = false;
    this.cancelAutoNext();
  }

  /** Resumes a search or call that the server reports after a reload. */
  resume(): void {
    this.wanted = true;
  }

  /** Cancels the automatic next search. */
  cancelAutoNext(): void {
    this.autoNext = false;
    window.clearTimeout(this.nextTimer);
  }

  /** While held for any reason, the ended call stays on the screen. The countdown then begins anew. */
  hold(reason: HoldReason, held: boolean): void {
    if (this.holds.has(reason) === held) return;
    const wasHeld = this.holds.size > 0;
    if (held) this.holds.add(reason);
    else this.holds.delete(reason);
    if (wasHeld !== this.holds.size > 0) this.scheduleNext();
  }

  /** The client is connected (again). */
  onConnected(): void {
    this.nextUnsent = false;
    if (this.cancelUnsent) {
      this.cancelUnsent = false;
      this.requestCancel();
    }
    if (!this.awaitsConnection) return;
    this.awaitsConnection = false;
    this.scheduleNext();
  }

  /** Shows that the call has ended, and starts the next search automatically where the user would expect it. */
  callEnded(call: CallView, reason: CallEndReason): void {
    this.host.endLineUse();
    this.cancelAutoNext();
    // A blocked partner is never matched again, so no hint about meeting them again is needed.
    this.met = reason === 'blocked' ? undefined : { name: call.partner.name, at: performance.now() };
    const isUnanswered = reason === 'not_accepted' && call.accept?.you !== true;
    this.unanswered = isUnanswered ? this.unanswered + 1 : 0;
    this.autoNext = this.wishes !== undefined && this.unanswered < 2 && !NO_AUTO_NEXT_AFTER.has(reason);
    this.awaitsConnection = reason === 'shutting_down' || !this.signaling.isOpen;
    this.host.show({ phase: 'ended', call, reason, nextAt: null, held: false });
    this.scheduleNext();
  }

  /** Starts the countdown to the next search, unless something prevents it. */
  private scheduleNext(): void {
    window.clearTimeout(this.nextTimer);
    const phase = this.host.phase();
    if (phase.phase !== 'ended' || !this.autoNext) return;
    const held = this.holds.size > 0 && !this.awaitsConnection;
    if (held || this.awaitsConnection) {
      this.host.show({ ...phase, nextAt: null, held });
      return;
    }
    const ms = phase.call.accept === null ? AUTO_NEXT_MS : AUTO_NEXT_UNOPENED_MS;
    this.host.show({ ...phase, nextAt: performance.now() + ms, held: false });
    this.nextTimer = window.setTimeout(() => {
      if (this.host.phase().phase === 'ended') this.again();
    }, ms);
  }

  waiting(data: ServerData<'waiting_for_partner'>): void {
    if (!this.wanted) return;
    const now = performance.now();
    this.lastWaitingAt = now;
    // After a reload the search continues, so its devices are opened again.
    this.host.needDevices(data.mode);
    this.cancelAutoNext();
    this.host.endLineUse();
    this.host.show({
      phase: 'searching',
      mode: data.mode,
      likes: this.wishes?.interests ?? [],
      said: this.said(),
      justMet: this.justMet(now),
      since: now - data.waitedMs,
      pausedUntil: data.pauseMs > 0 ? now + data.pauseMs : null,
      step: data.step,
      steps: data.steps,
      estimateMs: data.estimateMs,
      waiting: data.waiting,
      held: data.held,
    });
  }

  /** Shows the search at once, before the server confirms it. */
  private begin(wishes: WishesInput): void {
    const phase = this.host.phase();
    this.wanted = true;
    this.cancelAutoNext();
    this.host.show({
      phase: 'searching',
      mode: wishes.mode,
      likes: wishes.interests ?? [],
      said: this.said(),
      justMet: this.justMet(performance.now()),
      since: performance.now(),
      pausedUntil: null,
      step: 0,
      steps: phase.phase === 'searching' ? phase.steps : [],
      estimateMs: null,
      waiting: 0,
      held: false,
    });
  }

  private justMet(now: number): string | null {
    return this.met !== undefined && now - this.met.at < RECENT_MS ? this.met.name : null;
  }

  private said(): { near: boolean; languages: boolean } | null {
    const { wishes } = this;
    if (wishes === undefined) return null;
    const { country, ageBand, languages } = wishes;
    return {
      near: country != null || ageBand != null || this.host.hasAge(),
      languages: (languages ?? []).length > 0,
    };
  }
}

function rememberedWishes(): WishesInput | undefined {
  try {
    const parsed = wishesSchema.safeParse(JSON.parse(tabStorage.read(WISHES_NAME) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
