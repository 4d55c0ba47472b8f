/**
 * The lease that says which node is the gateway of a peer: the node that holds their socket. Its value is the peer's
 * snapshot, for the next gateway.
 */
export const gatewayKey = (peerId: string): string => `gateway:${peerId}`;

/** How long a lease outlives its last renewal: well over the grace period of 15 s. */
export const GATEWAY_TTL_MS = 60_000;
