import { AccountStore } from '../../api/account-store';
import type { ApiClient } from '../../api/api-client';
import { PendingUnblocks } from '../../api/pending-unblocks';
import { hasErrorCode } from '../../errors/request-error';
import type { Engine } from '../engine/state';
import { Chime } from '../tab/chime';
import { MatchNotifier } from '../tab/match-notifier';
import { concernsPlan } from '../notices/notice-messages';
import { Router, type AddressHistory } from '../../ui/routing/router';
import { routes, type ROUTES, type RouteName } from '../navigation/routes';
import { ScreenStore, type ScreenTransition } from '../screens/screen-store';
import type { HistoryEntries } from '../history/history-guard';

/** The objects behind the screens. They live as long as the page. */
export interface Services {
  readonly screens: ScreenStore;
  readonly router: Router<typeof ROUTES>;
  readonly account: AccountStore;
  readonly pendingUnblocks: PendingUnblocks;
  readonly chime: Chime;
  readonly notifier: MatchNotifier;
  readonly historyEntries: HistoryEntries;
  /** Begins to load the code of a page that the user may go to. */
  readonly preloadPage: (route: RouteName) => void;
  /** Navigates to another site, such as the payment provider's. */
  readonly leave: (url: string) => void;
}

interface Dependencies {
  readonly engine: Engine;
  readonly api: ApiClient;
  readonly history: AddressHistory;
  readonly transition: ScreenTransition;
  readonly historyEntries: HistoryEntries;
  readonly preloadPage: (route: RouteName) => void;
  readonly leave: (url: string) => void;
}

/** Builds the services and connects them to each other, once for each page. */
export function createServices({
  engine,
  api,
  history,
  transition,
  historyEntries,
  preloadPage,
  leave,
}: Dependencies): Services {
  const pendingUnblocks = new PendingUnblocks(api);
  const account = new AccountStore(api, {
    before: () => pendingUnblocks.flush(),
    after: () => {
      pendingUnblocks.forget();
      engine.identityChanged();
    },
  });
  // A page without a socket is not told that its log-in was ended elsewhere. It learns it from the next failed
  // request.
  api.onError((error) => {
    if (hasErrorCode(error, 'log_in_first')) void account.refresh();
  });
  follow(engine, account, pendingUnblocks);
  void account.refresh();
  window.addEventListener('pagehide', () => void pendingUnblocks.flush());
  return {
    screens: new ScreenStore(engine, transition),
    router: new Router(routes, history),
    account,
    pendingUnblocks,
    chime: new Chime(),
    notifier: new MatchNotifier(),
    historyEntries,
    preloadPage,
    leave,
  };
}

/** Updates the account when the engine connects, when a user is blocked, and when a plan's minutes are used up. */
function follow(engine: Engine, account: AccountStore, pendingUnblocks: PendingUnblocks): void {
  let before = engine.getState();
  engine.subscribe(() => {
    const now = engine.getState();
    const known = before;
    before = now;
    const connected = now.me !== null && now.me !== known.me;
    const isNews = now.notice !== null && now.notice.serial !== known.notice?.serial;
    if (isNews && now.notice?.code === 'blocked' && now.notice.about) {
      pendingUnblocks.blockedAgain(now.notice.about.id);
    }
    const overBefore = known.phase.phase === 'ended' && known.phase.reason === 'plan_over';
    const over = now.phase.phase === 'ended' && now.phase.reason === 'plan_over' && !overBefore;
    if (connected || over || (isNews && now.notice && concernsPlan(now.notice.code))) void account.refresh();
  });
}
