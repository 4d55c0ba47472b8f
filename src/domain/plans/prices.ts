import type { Plan } from '../../protocol';

/** What a provider takes for a plan. */
export interface ProviderPrice {
  readonly priceId: string;
  /** Null: the provider has no such price. */
  readonly terms: {
    /** In the smallest unit of the currency; null: the price is no single amount. */
    readonly amount: number | null;
    readonly currency: string;
    /** How many months are paid at once; null: it is not paid by months. */
    readonly months: number | null;
    /** Whether it can still be bought. */
    readonly isSold: boolean;
  } | null;
}

/**
 * What is wrong with the price of a plan at the provider, for operators; null: nothing. Buyers read the price of the plan and
 * pay the provider's, so the two have to be the same.
 */
export function priceFault({ id, price }: Pick<Plan, 'id' | 'price'>, there: ProviderPrice): string | null {
  const { priceId, terms } = there;
  const where = `plan ${id}, price ${priceId}`;
  if (price === null) return `${where}: the plan costs nothing here`;
  if (terms === null) return `${where}: the provider has no such price`;
  if (!terms.isSold) return `${where}: it is not sold any more at the provider`;
  const { amount, currency, months } = terms;
  if (amount === null) return `${where}: it is no single amount at the provider`;
  if (amount !== price.amount || currency !== price.currency)
    return `${where}: ${price.amount} ${price.currency} here, ${amount} ${currency} at the provider`;
  if (months === null) return `${where}: paid by the month here, and not by months at the provider`;
  if (months !== 1) return `${where}: paid by the month here, ${months} months at once at the provider`;
  return null;
}
