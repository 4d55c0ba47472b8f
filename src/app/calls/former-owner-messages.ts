import { DomainError } from '../../domain/error';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { LeaseStore } from '../ports/lease-store';
import type { Call, ChatEntry } from './call';
import type { Calls } from './calls';
import type { Chat } from './chat';
import { formerOwnerMessages } from './messages';
import { callKey, MOST_UNDELIVERED } from './snapshots';

export interface FormerOwnerMessagesDeps {
  readonly calls: Calls;
  readonly chat: Chat;
  readonly leases: Pick<LeaseStore, 'find'>;
  readonly messenger: NodeMessenger;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/** How often the next owner is looked for, and for how long: it may not have read the snapshot of the call yet. */
const RETRY_MS = 300;
const PATIENCE_MS = 10_000;

type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'no_owner' }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Passes messages that this node has accepted to the call's next owner. Two nodes can own a call for a moment: one that
 * was held up, and the one that took the call over. When the store then loses its data, either of them may keep the
 * call, and the snapshot does not have what the other one has acknowledged since.
 */
export class FormerOwnerMessages {
  private isClosed = false;

  constructor(private readonly deps: FormerOwnerMessagesDeps) {
    const { calls, chat, messenger, reportError } = deps;
    calls.on({
      released: (call) =>
        void this.pass(call).catch((error: unknown) =>
          reportError(error, 'messages could not be passed to the next owner of a call'),
        ),
    });
    messenger.onRequest(formerOwnerMessages, ({ callId, messages }) => {
      const call = calls.get(callId);
      if (call === undefined) throw new DomainError('not_found', 'that call is not owned here');
      chat.add(call, messages);
      return Promise.resolve({});
    });
  }

  close(): void {
    this.isClosed = true;
  }

  private async pass(call: Call): Promise<void> {
    const messages = [...call.chat.values()]
      .filter(({ status }) => status === 'sent')
      .slice(-MOST_UNDELIVERED);
    if (messages.length === 0) return;
    const { clock } = this.deps;
    const until = clock.elapsed() + PATIENCE_MS;
    while (!this.isClosed) {
      const outcome = await this.tryToPass(call.id, messages);
      if (outcome.kind === 'passed') return;
      if (clock.elapsed() >= until) {
        // A call without an owner has ended.
        if (outcome.kind === 'no_owner') return;
        throw outcome.error;
      }
      await new Promise<void>((resolve) => clock.after(RETRY_MS, resolve));
    }
  }

  private async tryToPass(callId: string, messages: readonly ChatEntry[]): Promise<Outcome> {
    const { leases, messenger } = this.deps;
    try {
      const lease = await leases.find(callKey(callId));
      // A store that has lost its data knows no owner either, until the owner writes its lease again.
      if (lease === null) return { kind: 'no_owner' };
      await messenger.request(lease.holder, formerOwnerMessages, { callId, messages: [...messages] });
      return { kind: 'passed' };
    } catch (error) {
      // The store or that node is away, or the node does not own the call yet.
      return { kind: 'failed', error };
    }
  }
}
