import type { AccountEvents, AccountEventBus } from './account-events';
import type { Clock } from '../ports/clock';
import type { NotificationData } from '../cluster/contract';
import type { NodeMessenger } from '../cluster/node-messenger';

/** What could not be told while the bus was away is told when it is back, unless it is too old or too much by then. */
const REMEMBERED = 1_000;
const LATELY_MS = 5 * 60_000;

/** What happens to an account on one node is felt by whoever is here with it on any other. */
export function relayAccountEvents(
  accountEvents: AccountEventBus,
  messenger: NodeMessenger,
  feel: AccountEvents,
  clock: Clock,
): void {
  let untold: { readonly at: number; readonly told: NotificationData<'account_event'> }[] = [];
  const tell = (told: NotificationData<'account_event'>, at = clock.now()): void => {
    messenger.notifyAll('account_event', told).catch(() => {
      untold.push({ at, told });
      if (untold.length > REMEMBERED) untold.shift();
    });
  };
  messenger.onRestored(() => {
    const left = untold.filter(({ at }) => at >= clock.now() - LATELY_MS);
    untold = [];
    for (const { told, at } of left) tell(told, at);
  });
  accountEvents.on({
    loggedOut: (userId, ids) =>
      tell({ kind: 'loggedOut', userId, logInIds: ids === 'all' ? null : [...ids] }),
    erased: (userId) => tell({ kind: 'erased', userId }),
    renamed: (userId, name) => tell({ kind: 'renamed', userId, name }),
    becameAccount: (userId) => tell({ kind: 'becameAccount', userId }),
    unblocked: (userId, otherId) => tell({ kind: 'unblocked', userId, otherId }),
  });
  messenger.onNotification('account_event', (told, from) => {
    if (from === messenger.self) return;
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
