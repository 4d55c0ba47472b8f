import { CallHistory } from '../app/calls/call-history';
import { CallRecorder } from '../app/calls/call-recorder';
import { CallResumption } from '../app/calls/call-resumption';
import type { Calls } from '../app/calls/calls';
import { Chat, type MessagePace } from '../app/calls/chat';
import { CallCommands } from '../app/calls/commands';
import { CallFailover } from '../app/calls/failover';
import { CallHandover } from '../app/calls/handover';
import { FormerOwnerMessages } from '../app/calls/former-owner-messages';
import { MediaNegotiation } from '../app/calls/media-negotiation';
import { OwnedCalls } from '../app/calls/owned-calls';
import { PartnerDoubt } from '../app/calls/partner-doubt';
import { RemoteCalls } from '../app/calls/remote-calls';
import { Requeue } from '../app/calls/requeue';
import { CallRouter } from '../app/calls/router';
import { CallSnapshots } from '../app/calls/snapshots';
import { TalkMeter } from '../app/calls/talk-meter';
import type { ReportHolds } from '../app/bans/report-holds';
import type { Accounts } from '../app/accounts';
import type { Membership } from '../app/cluster/membership';
import type { NodeMessenger } from '../app/cluster/node-messenger';
import type { CallBridges } from '../app/lines/call-bridges';
import type { LineDirectory } from '../app/lines/line-directory';
import { ParticipantModeration, type ReportPace } from '../app/moderation/participant-moderation';
import { PastCalls } from '../app/moderation/past-calls';
import type { PeerRegistry } from '../app/peers/peer-registry';
import type { Plans } from '../app/plans/plans';
import type { UsageMemory } from '../app/plans/usage-memory';
import type { Clock } from '../app/ports/clock';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Adapters } from './adapters';

const MEDIA_TIMES = { lineMs: 12_000, answerMs: 6_000, troubleMs: 25_000 };

export interface WireCallsDeps {
  readonly adapters: Adapters;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly peers: PeerRegistry;
  readonly calls: Calls;
  readonly lines: LineDirectory;
  readonly bridges: CallBridges;
  readonly accounts: Accounts;
  readonly plans: Plans;
  readonly usageMemory: UsageMemory;
  readonly holds: ReportHolds;
  readonly graceTimer: Pick<Clock, 'after'>;
  readonly pace: MessagePace & ReportPace;
  readonly reportError: ErrorReporter;
}

/**
 * Calls, owned here and elsewhere. Their listeners are added in this order: media first, so that no media of an ended
 * call flows; then the meter, the snapshots and the messages to other nodes; then the recorder.
 */
export function wireCalls(deps: WireCallsDeps) {
  const { adapters, messenger, membership, peers, calls, lines, bridges, plans, reportError } = deps;
  const { clock, leases, records } = adapters;
  const requeue = new Requeue(messenger);
  const negotiation = new MediaNegotiation({
    ...{ calls, lines, bridges, requeue, clock, reportError },
    times: MEDIA_TIMES,
  });
  const chat = new Chat(calls, clock, deps.pace);
  const resumption = new CallResumption({ calls, negotiation, chat, clock });
  const meter = new TalkMeter(calls, records.subscriptions, deps.usageMemory, clock);
  const snapshots = wireSnapshots(deps);
  const commands = wireCommands(deps, { chat, negotiation, snapshots });
  const remoteCalls = new RemoteCalls({
    ...{ messenger, membership, peers, lines, meter, requeue, clock, reportError },
  });
  const ownedCalls = new OwnedCalls({
    ...{ messenger, membership, calls, commands, negotiation, resumption, lines, meter, leases, clock },
    ...{ allowance: () => plans.freshAllowance(messenger.self), graceTimer: deps.graceTimer },
  });
  const failover = new CallFailover({
    ...{ leases, messenger, membership, calls, negotiation, resumption, lines, bridges },
    ...{ remoteCalls, ownedCalls, clock, reportError },
  });
  const apart = wireNodesApart(deps, { chat, remoteCalls });
  const pastCalls = new PastCalls({
    ...{ journal: records.journal, reports: records.reports, blocks: deps.accounts.blocks, clock },
    holds: deps.holds,
    pace: deps.pace,
  });
  const router = new CallRouter({ calls, remoteCalls, commands, pastCalls, clock, reportError });
  const callHandover = wireHandover(deps, { snapshots, remoteCalls, failover });
  const { journal } = records;
  const recorder = new CallRecorder({
    ...{ calls, chat, journal, clock, reportError },
    counter: deps.accounts.callCounter,
    livingNodes: () => membership.others().map(({ address }) => nodeIdOf(address)),
  });
  return {
    ...{ requeue, negotiation, chat, resumption, meter, remoteCalls, ownedCalls, failover, router, recorder },
    callHandover,
    /** Cascade: owned calls end; what is still to be counted and written is passed on. */
    closeOwnedCalls: (): void => {
      calls.close();
      meter.close();
      recorder.close();
      snapshots?.close();
      apart.close();
    },
  };
}

/** An address is a node's id, a dot, and a name that is another one after each start. */
const nodeIdOf = (address: string): string => address.slice(0, address.lastIndexOf('.'));

/** Executes the commands of participants, on the node that owns their call. */
function wireCommands(
  { adapters, calls, accounts, holds, pace, reportError }: WireCallsDeps,
  {
    chat,
    negotiation,
    snapshots,
  }: {
    readonly chat: Chat;
    readonly negotiation: MediaNegotiation;
    readonly snapshots: CallSnapshots | undefined;
  },
): CallCommands {
  const { clock, records } = adapters;
  const history = new CallHistory({ journal: records.journal, clock, reportError });
  const { blocks } = accounts;
  const moderation = new ParticipantModeration({
    ...{ calls, history, reports: records.reports, blocks, clock, holds, pace },
  });
  return new CallCommands({ calls, chat, history, negotiation, moderation, keeper: snapshots ?? null });
}

/** What is told where two nodes own one call for a moment, or do not hear each other. */
function wireNodesApart(
  { adapters, messenger, membership, calls, reportError }: WireCallsDeps,
  { chat, remoteCalls }: { readonly chat: Chat; readonly remoteCalls: RemoteCalls },
): { close(): void } {
  const { clock, leases } = adapters;
  const messages = new FormerOwnerMessages({ calls, chat, leases, messenger, clock, reportError });
  const doubt = new PartnerDoubt({ calls, remoteCalls, membership, clock, reportError });
  return {
    close: () => {
      messages.close();
      doubt.close();
    },
  };
}

/** Writes snapshots of calls for other nodes, unless this is the only node. */
function wireSnapshots({
  adapters,
  messenger,
  membership,
  calls,
  lines,
  bridges,
  reportError,
}: WireCallsDeps): CallSnapshots | undefined {
  const { isAlone, leases, clock } = adapters;
  if (isAlone) return undefined;
  return new CallSnapshots({ leases, calls, lines, bridges, messenger, membership, clock, reportError });
}

/** Hands calls over to other nodes, unless this is the only node. */
function wireHandover(
  { messenger, membership, peers, calls, bridges, reportError }: WireCallsDeps,
  {
    snapshots,
    remoteCalls,
    failover,
  }: {
    readonly snapshots: CallSnapshots | undefined;
    readonly remoteCalls: RemoteCalls;
    readonly failover: CallFailover;
  },
): CallHandover | undefined {
  if (snapshots === undefined) return undefined;
  return new CallHandover({
    messenger,
    membership,
    peers,
    calls,
    bridges,
    snapshots,
    remoteCalls,
    failover,
    reportError,
  });
}
