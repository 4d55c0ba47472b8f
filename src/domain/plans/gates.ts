import type { Plan, Wishes } from '../../protocol';

/** Whether these wishes need a plan with filters: wishes about the partner, not about topics. */
export const needsFilters = (
  wishes: Pick<Wishes, 'wantedGenders' | 'wantedAgeBands' | 'avoidCountries'>,
): boolean =>
  wishes.wantedGenders.length > 0 || wishes.wantedAgeBands.length > 0 || wishes.avoidCountries.length > 0;

export const mayWish = (plan: Pick<Plan, 'filters'>, wishes: Parameters<typeof needsFilters>[0]): boolean =>
  plan.filters || !needsFilters(wishes);
