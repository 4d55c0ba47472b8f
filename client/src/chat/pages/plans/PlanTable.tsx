import type { ReactNode } from 'react';
import type { Plan, PlanState } from '../../../../../src/protocol';
import type { PlainKey } from '../../words';
import type { Words } from '../../words';
import { useWords } from '../../words';
import { minutesLine, offerOf, planName, priceLine } from './plan-lines';

interface PropertyRow {
  readonly name: PlainKey;
  readonly value: (plan: Plan, words: Words) => string;
}

/** One row for each property in which plans differ. */
const ROWS: readonly PropertyRow[] = [
  { name: 'plans.daily', value: (plan, words) => minutesLine(plan.dailyMinutes, words) },
  { name: 'plans.monthly', value: (plan, words) => minutesLine(plan.monthlyMinutes, words) },
  {
    name: 'plans.priority',
    value: ({ priority }, words) => words.say(priority > 0 ? 'plans.priority.some' : 'plans.priority.none'),
  },
  {
    name: 'plans.filters',
    value: ({ filters }, words) => words.say(filters ? 'plans.yes' : 'plans.no'),
  },
  {
    name: 'plans.quality',
    value: ({ maxKbps }, words) => words.say('plans.quality.most', { rate: maxKbps / 1000 }),
  },
];

const TRIAL: PropertyRow = {
  name: 'plans.trial',
  value: ({ trialDays }, words) =>
    trialDays === 0 ? words.say('plans.trial.none') : words.say('plans.trial.days', { count: trialDays }),
};

/** The plans side by side. The user's own is marked in colour and in text. */
export function PlanTable({
  plans,
  state,
  sold,
  mayChoose,
  busy,
  onTry,
  onBuy,
}: {
  plans: readonly Plan[];
  state: PlanState | null;
  /** The ids of the plans that can be bought. */
  sold: readonly string[];
  /** Guests cannot choose a plan. */
  mayChoose: boolean;
  busy: boolean;
  onTry: (planId: string) => void;
  onBuy: (planId: string) => void;
}) {
  const words = useWords();
  const own = state?.plan.id;
  const offers = plans.map((plan) =>
    state && mayChoose ? offerOf(plan, state, sold.includes(plan.id)) : { trial: false, buy: false },
  );
  const hasOffer = offers.some(({ trial, buy }) => trial || buy);
  const price: PropertyRow = {
    name: 'plans.price',
    value: (plan) => priceLine(plan, sold.includes(plan.id), words),
  };
  // Where nothing is sold, a trial is named only to those who can begin it.
  const isTrialNamed = sold.length > 0 || offers.some(({ trial }) => trial);
  const rows = [price, ...ROWS, ...(isTrialNamed ? [TRIAL] : [])];
  return (
    <div className="plans" role="region" aria-label={words.say('plans.table')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            {plans.map((plan) => (
              <th key={plan.id} scope="col" data-own={plan.id === own}>
                {planName(plan, words)}
                {plan.id === own ? <small>{words.say('plans.mark')}</small> : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="num">
          {rows.map(({ name, value }) => (
            <Row key={name} name={words.say(name)}>
              {plans.map((plan) => (
                <td key={plan.id} data-own={plan.id === own}>
                  {value(plan, words)}
                </td>
              ))}
            </Row>
          ))}
          {hasOffer ? (
            <Row name={words.say('plans.choose')}>
              {plans.map((plan, index) => (
                <td key={plan.id} data-own={plan.id === own}>
                  <div className="plans__acts">
                    {offers[index]?.trial ? (
                      <button
                        type="button"
                        className="btn btn--quiet"
                        data-testid={`try-${plan.id}`}
                        aria-disabled={busy}
                        onClick={() => onTry(plan.id)}
                      >
                        {words.say('plans.try', { count: plan.trialDays })}
                        <span className="sr">{words.say('plans.try.name', { plan: plan.name })}</span>
                      </button>
                    ) : null}
                    {offers[index]?.buy ? (
                      <button
                        type="button"
                        className="btn btn--quiet"
                        data-testid={`buy-${plan.id}`}
                        aria-disabled={busy}
                        onClick={() => onBuy(plan.id)}
                      >
                        {words.say('plans.buy', { plan: plan.name })}
                      </button>
                    ) : null}
                  </div>
                </td>
              ))}
            </Row>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {children}
    </tr>
  );
}
