import { z } from 'zod';
import { notification, type DataOf } from '../cluster/messages';
import type { NodeMessenger } from '../cluster/node-messenger';
import { peerId } from '../cluster/shapes';
import type { Clock } from '../ports/clock';
import type { AccountEventBus, AccountEvents } from './account-events';

const logIns = z.union([z.array(z.string()).readonly(), z.literal('all'), z.object({ allBut: z.string() })]);

/** To all nodes: an account event. */
const accountEvent = notification(
  'account_event',
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('loggedOut'), userId: peerId, logIns }),
    z.object({ kind: z.literal('erased'), userId: peerId }),
    z.object({ kind: z.literal('renamed'), userId: peerId, name: z.string() }),
    z.object({ kind: z.literal('becameAccount'), userId: peerId }),
    z.object({ kind: z.literal('blocked'), userId: peerId, otherId: peerId }),
    z.object({ kind: z.literal('unblocked'), userId: peerId, otherId: peerId }),
  ]),
);
type AccountEvent = DataOf<typeof accountEvent>;

/** Events that could not be sent while the bus was away are sent when it is back, within these limits. */
const MOST_UNSENT = 1_000;
const UNSENT_MS = 5 * 60_000;

export interface AccountEventRelayDeps {
  /** Events of this node. */
  readonly accountEvents: AccountEventBus;
  /** Applies the events of other nodes here. */
  readonly apply: AccountEvents;
  readonly messenger: NodeMessenger;
  readonly clock: Clock;
}

/** Applies the account events of each node on every other node. */
export class AccountEventRelay {
  private unsent: { readonly at: number; readonly event: AccountEvent }[] = [];

  constructor(private readonly deps: AccountEventRelayDeps) {
    const { accountEvents, messenger } = deps;
    messenger.on({ restored: () => this.sendAgain() });
    accountEvents.on({
      loggedOut: (userId, ended) => this.send({ kind: 'loggedOut', userId, logIns: ended }),
      erased: (userId) => this.send({ kind: 'erased', userId }),
      renamed: (userId, name) => this.send({ kind: 'renamed', userId, name }),
      becameAccount: (userId) => this.send({ kind: 'becameAccount', userId }),
      blocked: (userId, otherId) => this.send({ kind: 'blocked', userId, otherId }),
      unblocked: (userId, otherId) => this.send({ kind: 'unblocked', userId, otherId }),
    });
    messenger.onNotification(accountEvent, (event, from) => {
      if (from !== messenger.self) this.applyEvent(event);
    });
  }

  private send(event: AccountEvent, at = this.deps.clock.elapsed()): void {
    this.deps.messenger.notifyAll(accountEvent, event).catch(() => {
      this.unsent.push({ at, event });
      if (this.unsent.length > MOST_UNSENT) this.unsent.shift();
    });
  }

  private sendAgain(): void {
    const since = this.deps.clock.elapsed() - UNSENT_MS;
    const unsent = this.unsent.filter(({ at }) => at >= since);
    this.unsent = [];
    for (const { event, at } of unsent) this.send(event, at);
  }

  private applyEvent(event: AccountEvent): void {
    const { apply } = this.deps;
    switch (event.kind) {
      case 'loggedOut':
        return apply.loggedOut(event.userId, event.logIns);
      case 'erased':
        return apply.erased(event.userId);
      case 'renamed':
        return apply.renamed(event.userId, event.name);
      case 'becameAccount':
        return apply.becameAccount(event.userId);
      case 'blocked':
        return apply.blocked(event.userId, event.otherId);
      case 'unblocked':
        return apply.unblocked(event.userId, event.otherId);
    }
  }
}
