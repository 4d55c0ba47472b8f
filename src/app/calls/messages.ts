import { z } from 'zod';
import { notification, request } from '../cluster/messages';
import { callId, endReason, nothing, peerId, time } from '../cluster/shapes';
import { chatEntrySchema } from './call-snapshot';
import { lineLocationSchema } from '../lines/line-location';
import { remotePeerSchema } from './remote-peer-schema';

const participant = z.object({ callId, peerId });

/**
 * To a peer's gateway: a message for their socket. `message` is a server event, parsed by the protocol's schema
 * there.
 */
export const peerMessage = notification(
  'peer_message',
  z.object({ peerId, callId: callId.nullable(), message: z.unknown() }),
);
/** To a participant's gateway: both can talk from now on. `at` is kept to be shown. */
export const participantConnected = notification('participant_connected', participant.extend({ at: time }));
/** To a participant's gateway: the call has ended. `by`: who ended it. */
export const participantCallEnded = notification(
  'participant_call_ended',
  participant.extend({ reason: endReason, by: peerId.nullable() }),
);
/** To a participant's gateway: the call failed for a reason that is not the participant's, so they search on. */
export const participantRequeued = notification('participant_requeued', participant);
/** To all nodes: a call that was taken over has ended before the gateway of a participant reported back. */
export const callOver = notification('call_over', z.object({ callId }));
/** To the gateways of a call's participants, from its owner, which releases it: one of them becomes the owner. */
export const callHandedOver = notification('call_handed_over', participant);

/** To the call's owner: the participant's socket is gone for now. Their place is held for `graceMs`. */
export const participantAway = notification(
  'participant_away',
  participant.extend({
    graceMs: z.number(),
    /** The participant moves to another gateway and is back in a moment, so the partner need not be told. */
    moving: z.boolean().default(false),
  }),
);
/** To the call's owner: the participant is gone. `how`: a node of the last version does not say it. */
export const participantGone = notification(
  'participant_gone',
  participant.extend({ how: z.enum(['lost', 'left']).default('lost') }),
);
/** To the call's owner: where the participant's line is now. Null: the participant has no line. */
export const participantLine = notification(
  'participant_line',
  participant.extend({ line: lineLocationSchema.nullable() }),
);

/** To the call's owner: a client's event about the call. The owner executes it as if the client's socket were there. */
export const participantCommand = request(
  'participant_command',
  participant.extend({ event: z.string(), data: z.unknown() }),
  z.object({ data: z.record(z.string(), z.unknown()) }),
);
/** To the call's owner, from a node that owned the call too: messages that it has acknowledged. */
export const formerOwnerMessages = request(
  'former_owner_messages',
  z.object({ callId, messages: z.array(chatEntrySchema) }),
  nothing,
);
/** To the call's owner: the participant leaves the call. */
export const participantLeave = request(
  'participant_leave',
  participant.extend({ reason: z.enum(['next', 'left', 'plan_over']) }),
  nothing,
);
/** To the call's owner: the sending node is the participant's gateway. `isHere`: the participant has a socket there. */
export const participantBack = request(
  'participant_back',
  participant.extend({ isHere: z.boolean(), remotePeer: remotePeerSchema }),
  /** `connectedAt`: when both participants could talk for the first time; null: not yet. */
  z.object({ known: z.boolean(), connectedAt: z.number().nullable() }),
);
/** To an owner: the participants of its calls whose gateway sends this. Answers with those that it does not know. */
export const participantsReconcile = request(
  'participants_reconcile',
  z.object({ participants: z.array(participant) }),
  z.object({ unknown: z.array(participant) }),
);
/**
 * To a gateway, from an owner that misses participants among those that the gateway names. Answers with those that are
 * here, and not in this call.
 */
export const participantsConfirm = request(
  'participants_confirm',
  z.object({ participants: z.array(participant) }),
  z.object({ unknown: z.array(participant) }),
);
