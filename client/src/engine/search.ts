import { wishesSchema, type Mode, type ServerData, type WishesInput } from '../../../src/protocol';
import { Refused, type Signal } from './signal';
import type { CallView, Phase } from './state';

/** How long the search waits before it goes on by itself after they left (M8). */
const AUTO_NEXT_MS = 3_000;

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
}

/** Looking for somebody: begins, ends, goes on by itself, and goes on after a reload. */
export class Search {
  private wishes = rememberedWishes();
  /** Whether the person wants to meet somebody: what the server says of a search they have left is not shown. */
  private wanted = false;
  private goOnTimer: number | undefined;

  constructor(
    private readonly signal: Signal,
    private readonly scene: SearchScene,
  ) {}

  get isWanted(): boolean {
    return this.wanted;
  }

  find(wishes: WishesInput): void {
    this.wishes = wishes;
    sessionStorage.setItem(WISHES_KEY, JSON.stringify(wishes));
    this.begin(wishes);
    this.signal.ask('find_partner', { ...wishes, agreed: true }).catch((error: unknown) => {
      // Without a connection the search begins as soon as there is one.
      if (isCode(error, 'disconnected')) return;
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
      if (isCode(error, 'disconnected')) this.signal.owe('cancel_search', {});
      else if (!isCode(error, 'not_searching')) this.scene.refused(error);
    });
  }

  /** Leaves this call for the next one. */
  skip(callId: string): void {
    this.scene.quietLine();
    if (this.wishes !== undefined) this.begin(this.wishes);
    this.wanted = true;
    this.signal.ask('next_partner', { callId }).catch((error: unknown) => {
      // The call ended at the same moment from the other side: the wish is still to meet the next one.
      if (isCode(error, 'no_call', 'stale_call')) this.again();
      else if (isCode(error, 'disconnected')) this.signal.owe('next_partner', { callId });
      else this.scene.refused(error);
    });
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
    window.clearTimeout(this.goOnTimer);
  }

  /** They are gone: shows it, and goes on by itself where that is what both would expect. */
  parted(call: CallView, reason: ServerData<'partner_disconnected'>['reason']): void {
    this.scene.quietLine();
    this.stay();
    const declined = reason === 'not_accepted' && call.accept?.you !== true;
    const goesOn =
      this.wishes !== undefined && !declined && reason !== 'shutting_down' && reason !== 'media_failed';
    const nextAt = goesOn ? Date.now() + AUTO_NEXT_MS : null;
    this.scene.show({ phase: 'parted', call, reason, nextAt });
    if (nextAt === null) return;
    this.goOnTimer = window.setTimeout(() => {
      if (this.scene.phase().phase === 'parted') this.again();
    }, AUTO_NEXT_MS);
  }

  waiting(data: ServerData<'waiting_for_partner'>): void {
    if (!this.wanted) return;
    const now = Date.now();
    // After a reload the search goes on, and needs the devices it had.
    this.scene.needDevices(data.mode);
    this.stay();
    this.scene.quietLine();
    this.scene.show({
      phase: 'searching',
      mode: data.mode,
      likes: this.wishes?.interests ?? [],
      since: now - data.waitedMs,
      pausedUntil: data.pauseMs > 0 ? now + data.pauseMs : null,
      step: data.step,
      steps: data.steps,
      estimateMs: data.estimateMs,
      waiting: data.waiting,
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
      since: Date.now(),
      pausedUntil: null,
      step: 0,
      steps: phase.phase === 'searching' ? phase.steps : [],
      estimateMs: null,
      waiting: 0,
    });
  }
}

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Refused && codes.includes(error.wire.code);

function rememberedWishes(): WishesInput | undefined {
  try {
    const parsed = wishesSchema.safeParse(JSON.parse(sessionStorage.getItem(WISHES_KEY) ?? 'null'));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
