import { useEffect, useMemo, type Context, type ReactNode } from 'react';
import type { Messages } from './catalogue';
import type { Language } from './languages';
import { WordsContext, type UiMessages } from '.';
import { makeWords, type WordsOf } from './words';

/**
 * Gives all components the words of one language, and tells the document which language it is in. Components of `ui/`
 * read the shared part of the catalogue; those of the app read all of it through the app's own `context`.
 */
export function WordsProvider<M extends Messages & UiMessages>({
  context: AppContext,
  language: { tag, dir },
  catalogue,
  locale,
  children,
}: {
  context: Context<WordsOf<M> | null>;
  language: Pick<Language, 'dir'> & { readonly tag: string };
  catalogue: Messages;
  locale: string;
  children: ReactNode;
}) {
  useEffect(() => {
    document.documentElement.lang = tag;
    document.documentElement.dir = dir;
  }, [tag, dir]);
  const shared = useMemo(
    () => makeWords<UiMessages>(tag, dir, catalogue, locale),
    [tag, dir, catalogue, locale],
  );
  const own = useMemo(() => makeWords<M>(tag, dir, catalogue, locale), [tag, dir, catalogue, locale]);
  return (
    <WordsContext value={shared}>
      <AppContext value={own}>{children}</AppContext>
    </WordsContext>
  );
}
