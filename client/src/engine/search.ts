import { wishesSchema, type Mode, type ServerData, type WishesInput } from '../../../src/protocol';
import { isRefusedFor } from './refused';
import type { Signal } from './signal';
import type { CallView, PartedReason, Phase } from './state';

/** How long the search waits before it goes on by itself after they left (M8). */
const AUTO_NEXT_MS = 3_000;

/** After these the next search would end like the last call, or not begin at all. */
const RESTS_AFTER: ReadonlySet<PartedReason> = new Set<PartedReason>(['media_failed', 'plan_over']);

/** For so long two who have met do not meet again while there is somebody else (M2). */
const RECENT_MS = 30 * 60_000;

/** Where this tab remembers what it was looking for, so that a reload can go on. */
const WISHES_KEY = 'passerby.wishes';

export interface SearchScene {
  phase(): Phase;
  show(phase: Phase): void;
  refused(error: unknown): void;
  /** A search of this mode needs camera or microphone (again). */
  needDevices(mode: Mode): void;
  /** Whatever call there was is over. */
  quietLine(): void;
  /** Whether the server knows this person's age without being told with each search. */
  hasAge(): boolean;
}

/** Looking for somebody: begins, ends, goes on by itself, and goes on after a reload. */
export class Search {
  private wishes = rememberedWishes();
  /** Whether the person wants to meet somebody: what the server says of a search they have left is not shown. */
  private wanted = false;
  private goOnTimer: number | undefined;
  /** It goes on by itself as soon as nothing is in the way of that. */
  private goesOn = false;
  private held = false;
  /** The server that ended the call is not the one to ask for the next. */
  private awaitsGreeting = false;
  /** How many questions in a row were not answered at all: nobody may be sitting here. */
  private unanswered = 0;
  /** The server could not be told that somebody is looked for. */
  private unheard = false;
  /** When the server last said that this person waits. */
  private waitsAt = 0;
  private met: { name: string; at: number } | undefined;

  constructor(
    private readonly signal: Signal,
    private readonly scene: SearchScene,
  ) {}

  get isWanted(): boolean {
    return this.wanted;
  }

  get isUnheard(): boolean {
    return this.unheard;
  }

  find(wishes: WishesInput): void {
    this.unheard = false;
    this.wishes = wishes;
    sessionStorage.setItem(WISHES_KEY, JSON.stringify(wishes));
    this.begin(wishes);
    this.signal.ask('find_partner', { ...wishes, agreed: true }).catch((error: unknown) => {
      // Without a connection the search begins as soon as there is one.
      this.unheard = isRefusedFor(error, 'disconnected');
      if (this.unheard) return;
      if (this.scene.phase().phase === 'searching') this.scene.show({ phase: 'idle' });
      this.scene.refused(error);
    });
  }

  /** Once more with the same wishes, where there are any. */
  again(): void {
    if (this.wishes !== undefined) this.find(this.wishes);
  }

  cancel(): void {
    this.give();
    this.scene.show({ phase: 'idle' });
    this.signal.ask('cancel_search', {}).catch((error: unknown) => {
      // It had ended already, one way or another; or the server is to hear of it later.
      if (isRefusedFor(error, 'disconnected')) this.signal.owe('cancel_search', {});
      else if (!isRefusedFor(error, 'not_searching')) this.scene.refused(error);
    });
  }

  /** Leaves this call for the next one. */
  skip(call: CallView): void {
    const { callId } = call;
    this.hasMet(call);
    this.scene.quietLine();
    if (this.wishes !== undefined) this.begin(this.wishes);
    this.wanted = true;
    this.unheard = false;
    const askedAt = Date.now();
    this.signal.ask('next_partner', { callId }).catch((error: unknown) => {
      // The call ended at the same moment from the other side: the wish is still to meet the next one.
      if (isRefusedFor(error, 'no_call', 'stale_call')) {
        // The server may have put us back into the queue by itself, where the call was lost.
        if (this.waitsAt < askedAt) this.again();
      } else if (isRefusedFor(error, 'disconnected')) this.signal.owe('next_partner', { callId });
      else this.scene.refused(error);
    });
  }

  /** A call is over that this person ended. */
  hasMet({ partner }: CallView): void {
    this.met = { name: partner.name, at: Date.now() };
    this.unanswered = 0;
  }

  /** Somebody else is here now: what the one before them was looking for is nothing to them. */
  forget(): void {
    this.give();
    this.wishes = undefined;
    this.met = undefined;
    sessionStorage.removeItem(WISHES_KEY);
  }

  /** The person wants to meet nobody (any more). */
  give(): void {
    this.wanted = false;
    this.stay();
  }

  /** A page that was loaded again learns from the server what it was doing. */
  takeUp(): void {
    this.wanted = true;
  }

  /** Does not go on by itself. */
  stay(): void {
    this.goesOn = false;
    window.clearTimeout(this.goOnTimer);
  }

  /** While something about the call is being written or decided, it stays on the screen. */
  hold(held: boolean): void {
    if (this.held === held) return;
    this.held = held;
    this.goOn();
  }

  /** There is a connection (again). */
  greeted(): void {
    if (!this.awaitsGreeting) return;
    this.awaitsGreeting = false;
    this.goOn();
  }

  /** They are gone: shows it, and goes on by itself where that is what both would expect. */
  parted(call: CallView, reason: PartedReason): void {
    this.scene.quietLine();
    this.stay();
    // A block keeps them apart for good, so there is nothing to be said of meeting again.
    this.met = reason === 'blocked' ? undefined : { name: call.partner.name, at: Date.now() };
    const isUnanswered = reason === 'not_accepted' && call.accept?.you !== true;
    this.unanswered = isUnanswered ? this.unanswered + 1 : 0;
    this.goesOn = this.wishes !== undefined && this.unanswered < 2 && !RESTS_AFTER.has(reason);
    this.awaitsGreeting = reason === 'shutting_down' || !this.signal.isOpen;
    this.scene.show({ phase: 'parted', call, reason, nextAt: null });
    this.goOn();
  }

  /** Counts down to the next search, from the beginning, where nothing is in the way of it. */
  private goOn(): void {
    window.clearTimeout(this.goOnTimer);
    const phase = this.scene.phase();
    if (phase.phase !== 'parted' || !this.goesOn) return;
    if (this.held || this.awaitsGreeting) {
      if (phase.nextAt !== null) this.scene.show({ ...phase, nextAt: null });
      return;
    }
    this.scene.show({ ...phase, nextAt: Date.now() + AUTO_NEXT_MS });
    this.goOnTimer = window.setTimeout(() => {
      if (this.scene.phase().phase === 'parted') this.again();
    }, AUTO_NEXT_MS);
  }

  waiting(data: ServerData<'waiting_for_partner'>): void {
    if (!this.wanted) return;
    const now = Date.now();
    this.waitsAt = now;
    // After a reload the search goes on, and needs the devices it had.
    this.scene.needDevices(data.mode);
    this.stay();
    this.scene.quietLine();
    this.scene.show({
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

  /** Shown at once; the server's own word follows in a moment. */
  private begin(wishes: WishesInput): void {
    const phase = this.scene.phase();
    this.wanted = true;
    this.stay();
    this.scene.show({
      phase: 'searching',
      mode: wishes.mode,
      likes: wishes.interests ?? [],
      said: this.said(),
      justMet: this.justMet(Date.now()),
      since: Date.now(),
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
      near: country != null || ageBand != null || this.scene.hasAge(),
      languages: (languages ?? []).length > 0,
    };
  }
}

function rememberedWishes(): WishesInput | undefined {
  try {
    const parsed = wishesSchema.safeParse(JSON.parse(sessionStorage.getItem(WISHES_KEY) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
