import { ArrowRight } from 'lucide-react';
import { Link } from '../../navigation/Link';
import { useWords } from '../../words';
import { Page } from '../Page';
import type { PageProps } from '../page-frame';

/** Shown at an address that no page has. */
export function UnknownPage({ frame }: PageProps) {
  const words = useWords();
  return (
    <Page frame={frame} heading={words.say('unknown.heading')} lead={words.say('unknown.lead')}>
      <div className="page__acts">
        <Link to="home" className="btn btn--meet" testId="home-link">
          {words.say('unknown.home')}
          <ArrowRight className="i i--turns" aria-hidden="true" />
        </Link>
      </div>
    </Page>
  );
}
