import { BillingDesk, type BillingDeskDeps } from '../../../src/app/plans/billing-desk';
import { DomainError } from '../../../src/domain/error';
import { ManualClock } from '../../support/manual-clock';

const HOUR_MS = 3_600_000;

/** A desk whose provider refuses every event. */
function scene() {
  const clock = new ManualClock();
  const logged: string[] = [];
  const fault = { code: 'webhook_refused' as 'webhook_refused' | 'bad_data' };
  const desk = new BillingDesk({
    provider: {
      read: () => {
        throw new DomainError(fault.code, 'the signature is not right');
      },
    },
    clock,
    reportError: (_error: unknown, message: string) => void logged.push(message),
  } as unknown as BillingDeskDeps);
  const counted = { refused: 0 };
  desk.on({ refused: () => (counted.refused += 1) });
  const refuse = (): Promise<unknown> =>
    desk.take(Buffer.from('{}'), 'a signature').catch((error: unknown) => error);
  return { clock, logged, fault, counted, refuse };
}

test('P2 refused events are each counted and are one line in the log an hour, the first at once', async () => {
  const { clock, logged, counted, refuse } = scene();
  for (let n = 0; n < 3; n++) expect(await refuse()).toMatchObject({ code: 'webhook_refused' });
  expect(logged).toEqual([expect.stringContaining('STRIPE_WEBHOOK_SECRET')]);
  await clock.advance(HOUR_MS - 1);
  await refuse();
  expect(logged).toHaveLength(1);
  await clock.advance(1);
  for (let n = 0; n < 3; n++) await refuse();
  expect(logged).toHaveLength(2);
  // The hour counts from the last line in the log, and a wall clock that is set changes nothing.
  clock.jump(24 * HOUR_MS);
  await refuse();
  expect(logged).toHaveLength(2);
  expect(counted.refused).toBe(8);
});

test('P2 an event that fails in another way is neither counted nor logged as refused', async () => {
  const { logged, fault, counted, refuse } = scene();
  fault.code = 'bad_data';
  expect(await refuse()).toMatchObject({ code: 'bad_data' });
  expect([logged, counted.refused]).toEqual([[], 0]);
});
