import { useEffect, useState } from 'react';
import type { Me, Plan, PlanState } from '../../../../../src/protocol';
import { RequestError } from '../../../errors/request-error';
import { LoadedContent } from '../../../ui/forms/LoadedContent';
import { DoneMessage, ErrorMessage } from '../../../ui/forms/ErrorMessage';
import { useAction } from '../../../ui/forms/useAction';
import { useApiData } from '../../services/useApiData';
import { Page, Section } from '../Page';
import type { PageProps } from '../page-frame';
import { Link } from '../../navigation/Link';
import { useLocation, useMe, useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';
import { OwnPlan } from './OwnPlan';
import { isWebAddress } from './plan-lines';
import { PlanTable } from './PlanTable';
import './plans.css';

/** The plans side by side, what is left of the user's plan, and buttons to try or buy another. */
export function PlansPage({ frame }: PageProps) {
  const words = useWords();
  const me = useMe();
  const { account } = useServices();
  const { hash } = useLocation();
  const { loaded, again } = useApiData('plans', 'anyone');
  const owner = me?.id ?? null;

  useEffect(() => {
    // A call uses minutes, so the known plan may be outdated.
    if (owner !== null) account.changePlan('plan').catch(() => undefined);
  }, [account, owner]);

  return (
    <Page frame={frame} wide heading={words.say('plans.heading')} lead={words.say('plans.lead')}>
      {hash === 'bought' ? (
        <p className="page__notice plans__bought" role="status">
          {words.say('plans.bought')}
        </p>
      ) : null}
      {me ? <OwnPlan me={me} /> : null}
      <Section heading={words.say('plans.table')}>
        <LoadedContent loaded={loaded} onAgain={again}>
          {({ plans, sold }) => <Offer plans={plans} sold={sold} me={me} />}
        </LoadedContent>
      </Section>
    </Page>
  );
}

function Offer({
  plans,
  sold,
  me,
}: {
  plans: readonly Plan[];
  /** The ids of the plans that can be bought. */
  sold: readonly string[];
  me: Me | null;
}) {
  const words = useWords();
  const { account, leave } = useServices();
  const action = useAction();
  const [said, setSaid] = useState<string | null>(null);
  const isGuest = me === null || me.isAnonymous;
  const state: PlanState | null = me?.plan ?? null;

  const tryIt = async (planId: string) => {
    const begun = await action.run(() => account.changePlan('tryPlan', { body: { planId } }));
    if (begun) setSaid(words.say('plans.trial.begun'));
  };
  const buy = (planId: string) =>
    void action.run(async () => {
      const { url } = await account.api.request('buyPlan', { body: { planId } });
      if (!isWebAddress(url)) throw new RequestError({ code: 'internal', message: 'no page to pay on' });
      setSaid(words.say('plans.leaving'));
      leave(url);
    });

  return (
    <>
      {sold.length > 0 || plans.every(({ price }) => price === null) ? null : (
        <p className="page__small" data-testid="no-billing">
          {words.say(!isGuest && state?.mayTry === true ? 'plans.no_billing.trial' : 'plans.no_billing')}
        </p>
      )}
      <PlanTable
        plans={plans}
        state={state}
        sold={sold}
        mayChoose={!isGuest}
        busy={action.busy}
        onTry={(planId) => void tryIt(planId)}
        onBuy={buy}
      />
      <ErrorMessage error={action.error} />
      <DoneMessage>{said}</DoneMessage>
      {isGuest && sold.length > 0 ? <GuestLine /> : null}
    </>
  );
}

function GuestLine() {
  const words = useWords();
  return (
    <p className="page__small">
      {words.pieces('plans.guest').map((piece) =>
        piece.placeholder === undefined ? (
          piece.text
        ) : (
          <Link key={piece.placeholder} to="account" className="link">
            {words.say('plans.guest.log_in')}
          </Link>
        ),
      )}
    </p>
  );
}
