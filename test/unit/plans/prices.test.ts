import { PriceCheck } from '../../../src/app/plans/price-check';
import { DomainError } from '../../../src/domain/error';
import { DEFAULT_PLANS, planCatalogue, priceFault, type ProviderPrice } from '../../../src/domain/plans';

const catalogue = planCatalogue(DEFAULT_PLANS);
const premium = { id: 'premium', price: { amount: 799, currency: 'eur' } };
type Terms = NonNullable<ProviderPrice['terms']>;
const there = (change: Partial<Terms> = {}): ProviderPrice => ({
  priceId: 'price_1',
  terms: { amount: 799, currency: 'eur', months: 1, isSold: true, ...change },
});

test('P2 the same price is no fault', () => {
  expect(priceFault(premium, there())).toBeNull();
});

test.each([
  ['another amount', there({ amount: 999 }), '799 eur here, 999 eur at the provider'],
  ['another currency', there({ currency: 'usd' }), '799 eur here, 799 usd at the provider'],
  ['no single amount', there({ amount: null }), 'no single amount'],
  ['a year at once', there({ months: 12 }), '12 months at once'],
  ['one payment', there({ months: null }), 'not by months'],
  ['a price that is sold no more', there({ isSold: false }), 'not sold any more'],
  ['a price that there is not', { priceId: 'price_1', terms: null }, 'no such price'],
])('P2 %s at the provider is named, with the plan and the price', (_, price, fault) => {
  expect(priceFault(premium, price)).toContain(fault);
  expect(priceFault(premium, price)).toContain('plan premium, price price_1');
});

function scene(prices: (ProviderPrice | Error)[]) {
  const said: string[] = [];
  const check = new PriceCheck({
    catalogue,
    provider: {
      sold: ['premium'],
      priceOf: () => {
        const next = prices.shift() ?? new Error('asked once too often');
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
      },
    },
    reportError: (error, message) => said.push(`${message}: ${String(error)}`),
  });
  return { check, said };
}

test('P2 a provider that is away is asked again the next time, and a price is compared once', async () => {
  const away = new DomainError('provider_unreachable', 'away');
  const { check, said } = scene([away, there({ amount: 1 })]);
  await check.run();
  expect(said).toEqual([]);
  for (let times = 0; times < 3; times += 1) await check.run();
  expect(said).toEqual([expect.stringContaining('plan premium, price price_1: 799 eur here, 1 eur')]);
});

test('P2 a fault of ours while prices are compared is reported once', async () => {
  const { check, said } = scene([new Error('a fault of ours')]);
  await check.run();
  await check.run();
  expect(said).toEqual([expect.stringContaining('a fault of ours')]);
});
