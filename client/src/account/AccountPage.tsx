import { useEffect } from 'react';
import type { Profile } from '../../../src/protocol';
import { useFocusOnHeading } from '../app/useFocusOnHeading';
import { LoadedRows } from '../forms/LoadedRows';
import { Page } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { useKnown, useLocation, useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';
import { ForgottenPage } from './ForgottenPage';
import { LogInPage } from './LogInPage';
import { OwnAccountPage } from './OwnAccountPage';
import { RegisterPage } from './RegisterPage';

/** The account of whoever is logged in; for everybody else the ways to one. */
export function AccountPage({ frame, wishes }: { frame: PageFrame; wishes: Profile }) {
  const words = useWords();
  const { account, router } = useServices();
  const known = useKnown();
  const { hash } = useLocation();
  const me = known.is === 'known' && known.me && !known.me.isAnonymous ? known.me : null;
  const view = known.is !== 'known' ? 'wait' : me ? 'own' : hash;
  useFocusOnHeading(view);

  useEffect(() => {
    // The way that led in is no view of what is inside.
    if (view === 'own' && hash !== '') router.replace('account');
  }, [view, hash, router]);

  if (known.is !== 'known') {
    const loaded = known.is === 'failed' ? known : ({ is: 'waiting' } as const);
    return (
      <Page frame={frame} heading={words.say('page.account')}>
        <LoadedRows loaded={loaded} onAgain={() => void account.refresh()}>
          {() => null}
        </LoadedRows>
      </Page>
    );
  }
  if (me) return <OwnAccountPage key={me.id} frame={frame} me={me} />;
  if (hash === 'register') return <RegisterPage frame={frame} guest={known.me} wishes={wishes} />;
  return hash === 'forgotten' ? <ForgottenPage frame={frame} /> : <LogInPage frame={frame} />;
}
