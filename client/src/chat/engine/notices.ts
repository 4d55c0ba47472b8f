import type { Notice } from './state';

/** The newest notice: shown, dismissed by the user, or withdrawn when it no longer applies. */
export class Notices {
  private serial = 0;
  private newest: Notice | null = null;

  constructor(private readonly show: (notice: Notice | null) => void) {}

  say(code: Notice['code'], more: Pick<Notice, 'retryAfterMs' | 'leftMs' | 'about'> = {}): void {
    const { retryAfterMs, leftMs, about } = more;
    this.serial += 1;
    this.put({ serial: this.serial, code, at: Date.now(), retryAfterMs, leftMs, about });
  }

  dismiss(): void {
    this.put(null);
  }

  /** Withdraws notices that no longer apply. */
  withdraw(...codes: readonly Notice['code'][]): void {
    if (this.newest !== null && codes.includes(this.newest.code)) this.put(null);
  }

  private put(notice: Notice | null): void {
    this.newest = notice;
    this.show(notice);
  }
}
