import type { AccountEvents, AccountNews } from '../accounts/events';
import type { Switchboard } from './switchboard';

/** What happens to an account on one node is felt by whoever is here with it on any other. */
export function relayNews(news: AccountNews, switchboard: Switchboard, feel: AccountEvents): void {
  const tell = (told: Parameters<typeof switchboard.tellAll<'account_news'>>[1]): void => {
    switchboard.tellAll('account_news', told).catch(() => undefined);
  };
  news.on({
    loggedOut: (userId, ids) =>
      tell({ kind: 'loggedOut', userId, logInIds: ids === 'all' ? null : [...ids] }),
    erased: (userId) => tell({ kind: 'erased', userId }),
    renamed: (userId, name) => tell({ kind: 'renamed', userId, name }),
    becameAccount: (userId) => tell({ kind: 'becameAccount', userId }),
    unblocked: (userId, otherId) => tell({ kind: 'unblocked', userId, otherId }),
  });
  switchboard.onTell('account_news', (told, from) => {
    if (from === switchboard.self) return;
    switch (told.kind) {
      case 'loggedOut':
        feel.loggedOut(told.userId, told.logInIds ?? 'all');
        return;
      case 'erased':
        feel.erased(told.userId);
        return;
      case 'renamed':
        feel.renamed(told.userId, told.name);
        return;
      case 'becameAccount':
        feel.becameAccount(told.userId);
        return;
      case 'unblocked':
        feel.unblocked(told.userId, told.otherId);
        return;
    }
  });
}
