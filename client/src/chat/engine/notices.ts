import type { DeviceKind, Notice } from './state';

/** The newest notice: shown, dismissed by the user, or withdrawn when it no longer applies. */
export class Notices {
  private serial = 0;
  private newest: Notice | null = null;

  constructor(private readonly show: (notice: Notice | null) => void) {}

  say(code: Notice['code'], more: Pick<Notice, 'retryAfterMs' | 'leftMs' | 'about' | 'device'> = {}): void {
    const { retryAfterMs, leftMs, about, device } = more;
    this.serial += 1;
    this.put({
      serial: this.serial,
      code,
      at: Date.now(),
      saidAt: performance.now(),
      retryAfterMs,
      leftMs,
      about,
      device,
    });
  }

  dismiss(): void {
    this.put(null);
  }

  /** Withdraws notices that no longer apply. */
  withdraw(...codes: readonly Notice['code'][]): void {
    if (this.newest !== null && codes.includes(this.newest.code)) this.put(null);
  }

  /** This device works again, so what was said about it no longer applies. */
  withdrawDevice(kind: DeviceKind): void {
    if (this.newest?.device?.kind === kind) this.put(null);
  }

  private put(notice: Notice | null): void {
    this.newest = notice;
    this.show(notice);
  }
}
