import { MERGED, mergedRegions } from '../../domain/pairing';
import { MODES, type Mode } from '../../protocol';
import type { Membership } from '../cluster/membership';

/** What people are matched within, by how many search where: their region, or several thin ones merged (M9). */
export class Regions {
  private readonly merged = new Map<Mode, ReadonlySet<string>>();

  constructor(
    private readonly membership: Membership,
    private readonly own: string,
  ) {}

  /** The region for the ticket of somebody who searches in this mode. */
  regionFor(mode: Mode): string {
    return this.merged.get(mode)?.has(this.own) === true ? MERGED : this.own;
  }

  /** To be called every second or so. */
  update(): void {
    const members = this.membership.all().filter(({ role }) => role !== 'media');
    for (const mode of MODES) {
      const searching = new Map<string, number>();
      for (const { region, searching: by } of members) {
        searching.set(region, (searching.get(region) ?? 0) + (by[mode] ?? 0));
      }
      this.merged.set(mode, mergedRegions(searching, this.merged.get(mode) ?? new Set()));
    }
  }
}
