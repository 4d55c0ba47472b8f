import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_PLANS, plansSchema } from '../domain/plans';
import type { Plan } from '../protocol';
import { httpUrl, json, keyOf } from './forms';
import type { HttpValues } from './http';
import { defineFeature, optionalVariable, variable, type ValuesOf } from './variable';

/** Prices that are older than Stripe's prices are called plans there. */
const price = z
  .string()
  .regex(/^(?:price|plan)_\S+$/, "has to be the id of a price, which begins with price_, not a product's");

/** Stripe cannot change a price, only replace it: a plan may have had several. */
const priceList = z
  .union([price, z.array(price).min(1)], 'has to be the id of a price, or a list of such ids')
  .transform((prices) => (typeof prices === 'string' ? [prices] : prices));

/** A JSON file with plans, read once at start. */
const planFile = z
  .string()
  .min(1)
  .transform((file, context): unknown => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
      context.addIssue({ code: 'custom', message: `${file} ${why}` });
      return z.NEVER;
    }
  })
  .pipe(plansSchema);

export const billing = defineFeature('Plans and billing', {
  PLANS_FILE: optionalVariable({
    schema: planFile,
    defaultInWords: 'two plans, see [config/plans.json](config/plans.json)',
    example: 'config/plans.json',
    description:
      'JSON file with the plans on offer. The first plan is the one of everybody who has no other, and costs nothing.',
  }),
  STRIPE_SECRET_KEY: optionalVariable({
    schema: keyOf(['sk_', 'rk_'], 'a secret key or a restricted one, not the publishable key'),
    defaultInWords: 'none: plans cannot be bought',
    description:
      'API key of Stripe (`sk_…`, or a restricted one, `rk_…`), which sells the plans. Selling needs `STRIPE_WEBHOOK_SECRET`, `STRIPE_PRICES` and `PUBLIC_URL` as well.',
  }),
  STRIPE_WEBHOOK_SECRET: optionalVariable({
    schema: keyOf(['whsec_'], 'the signing secret of the webhook'),
    defaultInWords: 'none: plans cannot be bought',
    description:
      "Signing secret of Stripe's webhook (`whsec_…`). The webhook is `POST /api/billing/stripe`; it needs the events `customer.subscription.*`, `checkout.session.completed`, `charge.refunded` and `charge.dispute.created`.",
  }),
  STRIPE_PRICES: variable({
    schema: json(z.record(z.string(), priceList)),
    default: '{}',
    defaultInWords: 'none: plans cannot be bought',
    example: '{"premium":"price_…"}',
    description:
      'Stripe prices of each plan that is sold: a JSON object of plan ids and price ids, `{"premium":["price_new","price_old"]}` where a plan has several. The first is sold; the others were, and stay known while somebody still pays them.',
  }),
  STRIPE_API_URL: optionalVariable({
    schema: httpUrl('is no http:// or https:// address'),
    defaultInWords: "Stripe's own",
    example: 'http://localhost:12111',
    description: "Address of a server that stands in for Stripe's API in tests: `http://` or `https://`.",
  }),
});

type BillingValues = ValuesOf<typeof billing>;

export interface BillingConfig {
  readonly plans: readonly Plan[];
  /** Absent: plans cannot be bought. */
  readonly stripe?: StripeConfig;
}

export interface StripeConfig {
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Stripe's price ids by plan id. The first one of a plan is sold. */
  readonly prices: ReadonlyMap<string, readonly string[]>;
  /** Another place than Stripe's own. */
  readonly api?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
}

export const billingConfig = (values: BillingValues): BillingConfig => ({
  plans: plansOf(values),
  ...stripeConfig(values),
});

/** Money is taken only where everything for it is set. */
export function billingProblems(values: BillingValues, { PUBLIC_URL }: HttpValues): string[] {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhook, STRIPE_PRICES: prices } = values;
  const plans = plansOf(values);
  const sold = Object.keys(prices);
  if (key === undefined && webhook === undefined) {
    return sold.length === 0 ? [] : ['STRIPE_PRICES: sells nothing without STRIPE_SECRET_KEY'];
  }
  return [
    ...(key === undefined ? ['STRIPE_SECRET_KEY: is needed beside STRIPE_WEBHOOK_SECRET'] : []),
    ...(webhook === undefined ? ['STRIPE_WEBHOOK_SECRET: is needed beside STRIPE_SECRET_KEY'] : []),
    ...(PUBLIC_URL === undefined ? ['PUBLIC_URL: is needed to sell plans'] : []),
    ...(sold.length === 0 ? ['STRIPE_PRICES: names no plan to sell'] : []),
    ...sold
      .filter((id) => !plans.some((plan) => plan.id === id && plan.price !== null))
      .map((id) => `STRIPE_PRICES: there is no plan ${id} that costs something`),
    ...(new Set(Object.values(prices).flat()).size === Object.values(prices).flat().length
      ? []
      : ['STRIPE_PRICES: a price belongs to one plan, and is named once']),
  ];
}

const plansOf = ({ PLANS_FILE }: BillingValues): readonly Plan[] => PLANS_FILE ?? DEFAULT_PLANS;

function stripeConfig(values: BillingValues): { stripe?: StripeConfig } {
  const {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: apiUrl,
  } = values;
  if (secretKey === undefined || webhookSecret === undefined) return {};
  const prices = new Map(Object.entries(values.STRIPE_PRICES));
  return {
    stripe: {
      secretKey,
      webhookSecret,
      prices,
      ...(apiUrl === undefined ? {} : { api: endpointOf(apiUrl) }),
    },
  };
}

function endpointOf(url: string): { host: string; port: number; protocol: 'http' | 'https' } {
  const { hostname, port, protocol } = new URL(url);
  const isHttp = protocol === 'http:';
  return {
    host: hostname,
    port: port === '' ? (isHttp ? 80 : 443) : Number(port),
    protocol: isHttp ? 'http' : 'https',
  };
}
