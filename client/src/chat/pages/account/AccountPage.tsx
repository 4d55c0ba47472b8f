import { useEffect } from 'react';
import { useHeadingFocus } from '../../../ui/focus/useHeadingFocus';
import { LoadedContent } from '../../../ui/forms/LoadedContent';
import { Page } from '../Page';
import type { PageProps } from '../page-frame';
import { useAccountState, useLocation, useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';
import { ForgottenPage } from './ForgottenPage';
import { LogInPage } from './LogInPage';
import { OwnAccountPage } from './OwnAccountPage';
import { RegisterPage } from './RegisterPage';

/** The account of the logged-in user; for everybody else, log-in and registration. */
export function AccountPage({ frame }: PageProps) {
  const words = useWords();
  const { account, router } = useServices();
  const known = useAccountState();
  const { hash } = useLocation();
  const me = known.is === 'known' && known.me && !known.me.isAnonymous ? known.me : null;
  const view = known.is !== 'known' ? 'wait' : me ? 'own' : hash;
  useHeadingFocus(view);

  useEffect(() => {
    // The hash of the log-in views has no meaning after the log-in.
    if (view === 'own' && hash !== '') router.replace('account');
  }, [view, hash, router]);

  if (known.is !== 'known') {
    const loaded = known.is === 'failed' ? known : ({ is: 'waiting' } as const);
    return (
      <Page frame={frame} heading={words.say('page.account')}>
        <LoadedContent loaded={loaded} onAgain={() => void account.refresh()}>
          {() => null}
        </LoadedContent>
      </Page>
    );
  }
  if (me) return <OwnAccountPage key={me.id} frame={frame} me={me} />;
  if (hash === 'register') return <RegisterPage frame={frame} guest={known.me} />;
  return hash === 'forgotten' ? <ForgottenPage frame={frame} /> : <LogInPage frame={frame} />;
}
