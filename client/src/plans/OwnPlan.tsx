import { useState } from 'react';
import type { Me } from '../../../src/protocol';
import { Done, Refusal } from '../forms/Refusal';
import { useAction } from '../forms/useAction';
import { Section } from '../pages/Page';
import { useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';
import { leftLine, mayCancel, statusLine, usedLine } from './plan-lines';

/** The plan one has: what is left, until when, and a way to let it end or go on. */
export function OwnPlan({ me: { plan: state } }: { me: Me }) {
  const words = useWords();
  const { account } = useServices();
  const action = useAction();
  const [said, setSaid] = useState<'cancelled' | 'resumed' | null>(null);
  const { plan } = state;
  const status = statusLine(state, words);
  const way = mayCancel(state);
  const date = words.date(state.periodEndsAt ?? 0);
  const press = async () => {
    const done = await action.run(() => account.changePlan(way === 'resume' ? 'resumePlan' : 'cancelPlan'));
    if (done) setSaid(way === 'resume' ? 'resumed' : 'cancelled');
  };
  return (
    <Section heading={words.say('plans.yours')}>
      <dl className="rows-list num">
        <div>
          <dt>
            {plan.name}
            {status === null ? null : <small>{status}</small>}
          </dt>
          <dd className="plans__left" data-testid="plan-left">
            {leftLine(state, words)}
          </dd>
        </div>
        <div>
          <dt>{words.say('plans.today')}</dt>
          <dd>{usedLine(state.usedTodayMs, plan.dailyMinutes, words)}</dd>
        </div>
        <div>
          <dt>{words.say('plans.month')}</dt>
          <dd>{usedLine(state.usedThisMonthMs, plan.monthlyMinutes, words)}</dd>
        </div>
      </dl>
      <p className="page__small">{words.say('plans.counted')}</p>
      {way === null ? null : (
        <div className="page__acts">
          <button
            type="button"
            className="btn btn--quiet"
            data-testid={way === 'resume' ? 'plan-resume' : 'plan-cancel'}
            aria-disabled={action.busy}
            onClick={() => void press()}
          >
            {words.say(way === 'resume' ? 'plans.resume' : 'plans.cancel')}
          </button>
          <span className="page__beside">
            {said === null && way === 'cancel' ? words.say('plans.cancel.more', { date }) : null}
          </span>
          <Done>
            {said === 'cancelled'
              ? words.say('plans.cancelled', { date })
              : said === 'resumed'
                ? words.say('plans.resumed')
                : null}
          </Done>
        </div>
      )}
      <Refusal refused={action.refused} />
    </Section>
  );
}
