import { useDelay } from '../../ui/time/useDelay';
import type { PageRoute } from '../navigation/routes';
import { useWords } from '../words';
import { Page, PageLayout } from './Page';
import type { PageFrame } from './page-frame';

/** Most pages load sooner than this. A message that only flashes helps nobody. */
const SHOWN_AFTER_MS = 400;

/** The frame of a page while its code loads. The header stays in place, and a message appears only after a delay. */
export function PageLoading({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const isSlow = useDelay(SHOWN_AFTER_MS);
  return (
    <PageLayout frame={frame}>
      {isSlow ? (
        <p className="page__wait" role="status">
          {words.say('page.wait')}
        </p>
      ) : null}
    </PageLayout>
  );
}

/** Shown when the code of a page cannot be loaded: the reason, and a button to reload. */
export function PageLoadError({
  frame,
  route,
  isServerReachable,
}: {
  frame: PageFrame;
  route: PageRoute;
  isServerReachable: boolean;
}) {
  const words = useWords();
  return (
    <Page frame={frame} heading={words.say(`page.${route}`)}>
      <div className="error-message" role="alert">
        <p>{words.say(isServerReachable ? 'page.outdated' : 'error.disconnected')}</p>
        <button
          type="button"
          className="btn btn--quiet"
          data-testid="page-reload"
          onClick={() => window.location.reload()}
        >
          {words.say('close.reload')}
        </button>
      </div>
    </Page>
  );
}
