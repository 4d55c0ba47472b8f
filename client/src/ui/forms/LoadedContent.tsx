import type { ReactNode } from 'react';
import { errorMessage } from '../errors/error-message';
import { useWords } from '../words';
import type { LoadState } from './load-state';

/** The loaded data, or the error and a button to try again. */
export function LoadedContent<T>({
  loaded,
  onAgain,
  children,
}: {
  loaded: LoadState<T>;
  onAgain: () => void;
  children: (data: T) => ReactNode;
}) {
  const words = useWords();
  if (loaded.is === 'ready') return <>{children(loaded.data)}</>;
  if (loaded.is === 'waiting') {
    return (
      <p className="page__wait" role="status">
        {words.say('page.wait')}
      </p>
    );
  }
  return (
    <div className="error-message" role="alert">
      <p>{errorMessage(loaded.error.details, Date.now(), words)}</p>
      <button type="button" className="btn btn--quiet" onClick={onAgain}>
        {words.say('page.try')}
      </button>
    </div>
  );
}
