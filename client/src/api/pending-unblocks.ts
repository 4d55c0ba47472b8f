import { toRequestError, type RequestError } from '../errors/request-error';
import type { ApiClient } from './api-client';

/** How long Undo stays available after a block was removed. */
export const UNDO_MS = 10_000;

export type UnblockState =
  /** The request is not sent before `until`, so it can still be undone. */
  { is: 'undoable'; until: number } | { is: 'sent' } | { is: 'failed'; error: RequestError };

/**
 * Requests to remove a block that wait for a possible Undo. A user can be blocked only during a call, so a removed
 * block could not be restored; therefore the request waits. The queue outlives the screen, because people leave it
 * meanwhile.
 */
export class PendingUnblocks {
  private shown: ReadonlyMap<string, UnblockState> = new Map();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly api: Pick<ApiClient, 'request'>) {}

  readonly getShown = (): ReadonlyMap<string, UnblockState> => this.shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  begin(userId: string): void {
    if (this.timers.has(userId)) return;
    this.set(userId, { is: 'undoable', until: performance.now() + UNDO_MS });
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

  /** Removes a block without waiting, for a user who has just blocked somebody by mistake. */
  now(userId: string): void {
    void this.send(userId);
  }

  /** The user was blocked again, so a pending removal is dropped. */
  blockedAgain(userId: string): void {
    clearTimeout(this.timers.get(userId));
    this.timers.delete(userId);
    if (this.shown.has(userId)) this.set(userId, null);
  }

  /** Sends all pending requests now: the page is being closed, or the user is about to change. */
  async flush(): Promise<void> {
    await Promise.all([...this.timers.keys()].map((userId) => this.send(userId)));
  }

  /** Drops everything: the blocks of the previous user do not concern the next one. */
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
      await this.api.request('unblock', { at: { userId }, outlivesPage: true });
    } catch (error) {
      this.set(userId, { is: 'failed', error: toRequestError(error) });
    }
  }

  private set(userId: string, unblock: UnblockState | null): void {
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
