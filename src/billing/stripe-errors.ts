import Stripe from 'stripe';
import { DomainError } from '../domain/error';

const { StripeError, StripeInvalidRequestError, StripePermissionError } = Stripe.errors;

/** When Stripe cannot be reached or rejects our account, the buyer can do nothing about it. */
export async function reach<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const unreachable = new DomainError(
      'provider_unreachable',
      `the payment provider answered ${error.type}`,
      60_000,
    );
    unreachable.cause = error;
    throw unreachable;
  }
}

/** What was asked for is gone at Stripe: a customer that an operator has deleted, a subscription of another account. */
export const isMissing = (error: unknown): boolean =>
  error instanceof StripeError && error.code === 'resource_missing';

/** Stripe understood the request and will reject it each time, unlike when it cannot be reached. */
export const isRejected = (error: unknown): boolean =>
  error instanceof StripeInvalidRequestError || error instanceof StripePermissionError;

export const isAlreadyPaidBack = (error: unknown): boolean =>
  error instanceof StripeError && error.code === 'charge_already_refunded';
