import { tabStorage } from '../../storage/browser-storage';
import type { DeviceKind } from './state';

/** The name under which this tab stores which devices are off. */
const NAME = 'off';

/**
 * Remembers which devices are turned off, so that they stay off after a reload. Stored for this tab only, so that it
 * ends with the visit.
 */
export class MutedDevices {
  private readonly kinds: Set<string>;

  constructor() {
    this.kinds = new Set((tabStorage.read(NAME) ?? '').split(' '));
  }

  has(kind: DeviceKind): boolean {
    return this.kinds.has(kind);
  }

  keep(kind: DeviceKind, off: boolean): void {
    if (off) this.kinds.add(kind);
    else this.kinds.delete(kind);
    const kept = (['camera', 'microphone'] as const).filter((name) => this.kinds.has(name));
    tabStorage.write(NAME, kept.length > 0 ? kept.join(' ') : null);
  }
}
