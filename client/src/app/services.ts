import { AccountStore } from '../api/account-store';
import type { Api } from '../api/client';
import { Unblocking } from '../api/unblocking';
import { isRefusedFor } from '../engine/refused';
import type { Engine } from '../engine/state';
import { Chime } from './chime';
import { concernsPlan } from './sentences';
import { Router, type Addresses } from './router/router';
import { Stage, type Movement } from './stage';
import type { Steps } from './way-back';

/** Everything behind the screens that lives as long as the page does. */
export interface Services {
  readonly stage: Stage;
  readonly router: Router;
  readonly account: AccountStore;
  readonly unblocking: Unblocking;
  readonly chime: Chime;
  readonly steps: Steps;
  /** Goes to another site, such as the one where plans are paid. */
  readonly leave: (url: string) => void;
}

interface Outside {
  readonly engine: Engine;
  readonly api: Api;
  readonly addresses: Addresses;
  readonly movement: Movement;
  readonly steps: Steps;
  readonly leave: (url: string) => void;
}

/** Builds them and ties them together, once a page. */
export function createServices({ engine, api, addresses, movement, steps, leave }: Outside): Services {
  const unblocking = new Unblocking(api);
  const account = new AccountStore(api, {
    before: () => unblocking.flush(),
    after: () => {
      unblocking.forget();
      engine.identityChanged();
    },
  });
  // A page whose socket is closed is not told that its log-in was ended from elsewhere; it notices when it asks.
  api.onRefused((refused) => {
    if (isRefusedFor(refused, 'log_in_first')) void account.refresh();
  });
  follow(engine, account, unblocking);
  void account.refresh();
  window.addEventListener('pagehide', () => void unblocking.flush());
  return {
    stage: new Stage(engine, movement),
    router: new Router(addresses),
    account,
    unblocking,
    chime: new Chime(),
    steps,
    leave,
  };
}

/** What the calls tell the account: who was greeted, whom one blocked, and that a plan was used up. */
function follow(engine: Engine, account: AccountStore, unblocking: Unblocking): void {
  let before = engine.getState();
  engine.subscribe(() => {
    const now = engine.getState();
    const known = before;
    before = now;
    const greeted = now.me !== null && now.me !== known.me;
    const isNews = now.notice !== null && now.notice.serial !== known.notice?.serial;
    if (isNews && now.notice?.about) unblocking.blockedAgain(now.notice.about.id);
    const overBefore = known.phase.phase === 'parted' && known.phase.reason === 'plan_over';
    const over = now.phase.phase === 'parted' && now.phase.reason === 'plan_over' && !overBefore;
    if (greeted || over || (isNews && now.notice && concernsPlan(now.notice.code))) void account.refresh();
  });
}
