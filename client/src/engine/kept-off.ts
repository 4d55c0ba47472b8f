import type { DeviceKind } from './state';

/** Where this tab remembers what was switched off. */
const KEY = 'passerby.off';

/**
 * What a person has switched off stays off when the page is loaded again: somebody else may be looking on by then.
 * Kept for this tab alone, so that it ends with the visit.
 */
export class KeptOff {
  private readonly kinds: Set<string>;

  constructor() {
    this.kinds = new Set((sessionStorage.getItem(KEY) ?? '').split(' '));
  }

  has(kind: DeviceKind): boolean {
    return this.kinds.has(kind);
  }

  keep(kind: DeviceKind, off: boolean): void {
    if (off) this.kinds.add(kind);
    else this.kinds.delete(kind);
    const kept = (['camera', 'microphone'] as const).filter((name) => this.kinds.has(name));
    if (kept.length > 0) sessionStorage.setItem(KEY, kept.join(' '));
    else sessionStorage.removeItem(KEY);
  }
}
