import { z } from 'zod';
import { remotePeerSchema } from '../calls/remote-peer-schema';
import { notification, request } from '../cluster/messages';
import { callId, mode, nodeAddress, nothing, peerId } from '../cluster/shapes';

/** What opening a call needs of a claimed ticket. */
export const claimedTicketSchema = z.object({
  id: z.string().min(1),
  peerId,
  mode,
  /** The gateway of the ticket's peer. */
  node: nodeAddress,
});
export type ClaimedTicket = z.infer<typeof claimedTicketSchema>;

const ticket = z.object({ ticketId: z.string(), peerId });

/** To the node that is to own a new call: these tickets are claimed, and it is to open the call. */
export const matchCommit = request(
  'match_commit',
  z.object({ tickets: z.tuple([claimedTicketSchema, claimedTicketSchema]) }),
  nothing,
);
/** To the gateway of a ticket's peer, from the call's owner: takes the peer, if they still search with this ticket. */
export const peerClaim = request(
  'peer_claim',
  ticket.extend({ callId, partner: z.object({ id: peerId, name: z.string() }) }),
  remotePeerSchema,
);

/** To the gateway of a ticket's peer, from the director. */
export const stepReached = notification('step_reached', ticket.extend({ step: z.number().int() }));
/** To the gateway of a ticket's peer: the ticket was claimed for a call that failed. The peer goes on searching. */
export const ticketFreed = notification('ticket_freed', ticket);
export const ticketExpired = notification('ticket_expired', ticket);
/** To the node whose director pairs this shard: a ticket is being added to it. */
export const shardWanted = notification(
  'shard_wanted',
  z.object({ shard: z.string().regex(/^[^{}\s]{1,128}$/) }),
);
