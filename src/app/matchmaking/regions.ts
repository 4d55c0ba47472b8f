import { MERGED, mergedRegions } from '../../domain/pairing';
import { MODES, type Mode } from '../../protocol';
import type { Membership } from '../cluster/membership';

/** Decides in which region peers are matched: their own one, or several in which few peers search, merged (M9). */
export class Regions {
  private readonly merged = new Map<Mode, ReadonlySet<string>>();

  constructor(
    private readonly membership: Membership,
    private readonly own: string,
  ) {}

  /** The region for the tickets of this node's peers who search in this mode. */
  regionFor(mode: Mode): string {
    return this.merged.get(mode)?.has(this.own) === true ? MERGED : this.own;
  }

  /** To be called every second or so. */
  update(): void {
    const gateways = this.membership.all().filter(({ role }) => role !== 'media');
    for (const mode of MODES) {
      const searching = new Map<string, number>();
      for (const { region, searching: by } of gateways) {
        searching.set(region, (searching.get(region) ?? 0) + (by[mode] ?? 0));
      }
      this.merged.set(mode, mergedRegions(searching, this.merged.get(mode) ?? new Set()));
    }
  }
}
