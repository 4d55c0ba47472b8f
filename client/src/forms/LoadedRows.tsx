import type { ReactNode } from 'react';
import { errorLine } from '../app/sentences';
import { useWords } from '../words/WordsProvider';
import type { Loaded } from './useLoaded';

/** What was loaded, or why it is not there and a way to try again. */
export function LoadedRows<T>({
  loaded,
  onAgain,
  children,
}: {
  loaded: Loaded<T>;
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
    <div className="refusal" role="alert">
      <p>{errorLine(loaded.error.wire, Date.now(), words)}</p>
      <button type="button" className="btn btn--quiet" onClick={onAgain}>
        {words.say('page.try')}
      </button>
    </div>
  );
}
