import { MODES, type Mode, type Stats } from '../../../../src/protocol';
import type { Phase } from '../engine/state';

/** Another way to talk in which people wait right now. */
export interface ModeOffer {
  readonly mode: Mode;
  readonly waiting: number;
}

/**
 * Where people wait while nobody else waits in the user's own mode, most people first. Nothing is offered before the
 * server has said how many wait here.
 */
export function modeOffers(
  phase: Extract<Phase, { phase: 'searching' }>,
  stats: Stats | null,
): readonly ModeOffer[] {
  if (stats === null || phase.steps.length === 0 || phase.waiting > 0) return [];
  return MODES.filter((mode) => mode !== phase.mode)
    .map((mode) => ({ mode, waiting: stats.searchingBy[mode] }))
    .filter(({ waiting }) => waiting > 0)
    .sort((one, other) => other.waiting - one.waiting);
}

/** How many others are online. The server's count includes the user. */
export const othersOnline = (stats: Stats | null): number | null =>
  stats === null ? null : Math.max(0, stats.online - 1);
