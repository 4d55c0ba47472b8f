import type { Refused } from '../engine/refused';
import { asRefused, type Api } from './client';

/** How long a block that was taken back can be had again by pressing Undo. */
export const UNDO_MS = 10_000;

export type Unblock =
  /** Nothing was sent yet: until then it can be undone. */
  { is: 'undoable'; until: number } | { is: 'sent' } | { is: 'failed'; error: Refused };

/**
 * Blocks that are being taken back. There is no way to block somebody whom one does not talk with, so the request
 * waits for as long as it may be undone. It is kept here rather than in the screen, since people walk on meanwhile.
 */
export class Unblocking {
  private shown: ReadonlyMap<string, Unblock> = new Map();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly api: Pick<Api, 'ask'>) {}

  readonly getShown = (): ReadonlyMap<string, Unblock> => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  begin(userId: string): void {
    if (this.timers.has(userId)) return;
    this.set(userId, { is: 'undoable', until: Date.now() + UNDO_MS });
    this.timers.set(
      userId,
      setTimeout(() => void this.send(userId), UNDO_MS),
    );
  }

  undo(userId: string): void {
    const timer = this.timers.get(userId);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.timers.delete(userId);
    this.set(userId, null);
  }

  /** Takes a block back without waiting: the person has just made it and thinks better of it. */
  now(userId: string): void {
    void this.send(userId);
  }

  /** They were blocked anew, so nothing that was done about them before counts. */
  blockedAgain(userId: string): void {
    clearTimeout(this.timers.get(userId));
    this.timers.delete(userId);
    if (this.shown.has(userId)) this.set(userId, null);
  }

  /** The page is being left, or somebody else is about to be here: what waits goes out now. */
  async flush(): Promise<void> {
    await Promise.all([...this.timers.keys()].map((userId) => this.send(userId)));
  }

  /** Blocks of whoever was here before are nothing to whoever is here now. */
  forget(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.shown = new Map();
    this.tell();
  }

  private async send(userId: string): Promise<void> {
    clearTimeout(this.timers.get(userId));
    this.timers.delete(userId);
    this.set(userId, { is: 'sent' });
    try {
      await this.api.ask('unblock', { at: { userId }, outlivesPage: true });
    } catch (error) {
      this.set(userId, { is: 'failed', error: asRefused(error) });
    }
  }

  private set(userId: string, unblock: Unblock | null): void {
    const shown = new Map(this.shown);
    if (unblock) shown.set(userId, unblock);
    else shown.delete(userId);
    this.shown = shown;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
