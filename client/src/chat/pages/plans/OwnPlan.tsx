import { useState } from 'react';
import type { Me } from '../../../../../src/protocol';
import { DoneMessage, ErrorMessage } from '../../../ui/forms/ErrorMessage';
import { useAction } from '../../../ui/forms/useAction';
import { Section } from '../Page';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';
import { leftLine, mayCancel, planName, statusLine, usedLine } from './plan-lines';

/** The user's plan: what is left of it, until when, and a button to cancel or resume it. */
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
            {planName(plan, words)}
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
          <DoneMessage>
            {said === 'cancelled'
              ? words.say('plans.cancelled', { date })
              : said === 'resumed'
                ? words.say('plans.resumed')
                : null}
          </DoneMessage>
        </div>
      )}
      <ErrorMessage error={action.error} />
    </Section>
  );
}
