import type { KnownCall } from '../people/call-history';
import type { SentMessage } from '../people/context';

/**
 * How long a receiver has to be in the call by its own state, after a message in it was acknowledged, until the message
 * counts as lost. A node may be stopped for 4 s in between, and delivers what waits for it afterwards.
 */
const ARRIVAL_ALLOWANCE_MS = 8_500;

export interface MessageAudit {
  readonly sent: number;
  readonly acknowledged: number;
  /** Of those that were acknowledged. */
  readonly arrived: number;
  /** The call ended for the receiver before the message could arrive, or the receiver was away until its end. */
  readonly overtaken: number;
  /** Acknowledged messages that did not arrive though their receiver was in the call, with the evidence. */
  readonly lost: readonly string[];
}

/** Judges all messages by what their receivers knew of the call. */
export function auditMessages(
  messages: readonly SentMessage[],
  calls: readonly KnownCall[],
  allowanceMs = ARRIVAL_ALLOWANCE_MS,
): MessageAudit {
  const byCall = new Map<string, KnownCall[]>();
  for (const call of calls) byCall.set(call.callId, [...(byCall.get(call.callId) ?? []), call]);
  const acknowledged = messages.filter(({ acknowledgedAt }) => acknowledgedAt !== null);
  const missing = acknowledged.filter(({ hasArrived }) => !hasArrived);
  const lost = missing.flatMap((message) => {
    const ms = togetherAfter(message, byCall.get(message.callId) ?? []);
    return ms < allowanceMs ? [] : [`${message.id} in ${message.callId}, ${Math.round(ms)} ms ago`];
  });
  return {
    sent: messages.length,
    acknowledged: acknowledged.length,
    arrived: acknowledged.length - missing.length,
    overtaken: missing.length - lost.length,
    lost,
  };
}

/** For how long the receiver was with the sender, by its own state, since the message was acknowledged (ms). */
function togetherAfter({ sender, acknowledgedAt }: SentMessage, calls: readonly KnownCall[]): number {
  const since = acknowledgedAt ?? Number.POSITIVE_INFINITY;
  return calls
    .filter(({ self }) => self !== sender)
    .flatMap(({ together }) => together)
    .reduce((sum, { from, to }) => sum + Math.max(0, to - Math.max(from, since)), 0);
}
