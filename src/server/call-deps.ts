import type { Calls } from '../app/calls/calls';
import type { OwnedCallsDeps } from '../app/calls/owned-calls';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Peer } from '../app/peers/peer';
import type { Plans } from '../app/plans/plans';
import type { UsageMemory } from '../app/plans/usage-memory';
import type { CallJournal } from '../app/calls/call-journal';
import type { Clock } from '../app/ports/clock';
import type { Reports } from '../app/moderation/report-store';
import type { Subscriptions } from '../app/plans/ports/subscriptions';
import type { CountedCall } from '../app/accounts/ports/users';
import type { KeepsBlocks } from '../app/moderation/safety';
import type { ErrorReporter } from './error-reporter';
import type { Nodes } from './wire-nodes';
import type { Shared } from './shared';

/** What bringing people together rests on. */
export interface CallDeps extends Nodes, Shared {
  readonly clock: Clock;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly journal: CallJournal;
  readonly reports: Reports;
  readonly blocks: KeepsBlocks;
  readonly subscriptions: Pick<Subscriptions, 'keepUsage'>;
  readonly usageMemory: UsageMemory;
  readonly plans: Pick<Plans, 'freshAllowance'>;
  readonly countCall: (peer: Peer, count: CountedCall) => void;
  /** Handles what a member of a call here does whose socket is on another node. */
  readonly execute: OwnedCallsDeps['execute'];
  readonly reportError: ErrorReporter;
}
