import type { Calls } from '../app/calls/calls';
import type { HomeCallsDeps } from '../app/cluster/calls/home-calls';
import type { People } from '../app/people/people';
import type { Person } from '../app/people/person';
import type { Plans } from '../app/plans/plans';
import type { UsageMemory } from '../app/plans/usage-memory';
import type { CallJournal } from '../app/ports/call-journal';
import type { Clock } from '../app/ports/clock';
import type { Reports } from '../app/ports/reports';
import type { Subscriptions } from '../app/ports/subscriptions';
import type { CountedCall } from '../app/ports/users';
import type { KeepsBlocks } from '../app/safety/safety';
import type { Fault } from './fault';
import type { Nodes } from './nodes';
import type { Shared } from './shared';

/** What bringing people together rests on. */
export interface MeetingDeps extends Nodes, Shared {
  readonly clock: Clock;
  readonly people: People;
  readonly calls: Calls;
  readonly journal: CallJournal;
  readonly reports: Reports;
  readonly blocks: KeepsBlocks;
  readonly subscriptions: Pick<Subscriptions, 'keepUsage'>;
  readonly usageMemory: UsageMemory;
  readonly plans: Pick<Plans, 'freshAllowance'>;
  readonly countCall: (person: Person, count: CountedCall) => void;
  /** Handles what a member of a call here does whose socket is on another node. */
  readonly act: HomeCallsDeps['act'];
  readonly fault: Fault;
}
