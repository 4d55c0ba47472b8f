import type { RateLimit } from './token-bucket';

/** Guests for whom there is room: at one address, as in a household; in the network around it, as on a campus. */
export interface GuestRoom {
  readonly address: number;
  readonly subnet: number;
}

/** What guests may do only so often, all of an address and all of a network together. */
export const GUEST_ACTIONS = ['greeting', 'search', 'message', 'report'] as const;
export type GuestAction = (typeof GUEST_ACTIONS)[number];

export interface ActionLimits {
  /** For all guests of an address together. */
  readonly address: RateLimit;
  /** For all guests of a network together. */
  readonly subnet: RateLimit;
  /** For one account, in place of both; null: what else limits an account is enough. */
  readonly account: RateLimit | null;
}

/** What one peer may do. */
export interface PeerLimits {
  readonly skips: RateLimit;
  readonly messages: RateLimit;
}

const MINUTE = 60;
/** A bucket that holds less than one token would never let anything through. */
const times = ({ burst, perSecond }: RateLimit, guests: number): RateLimit => ({
  burst: Math.max(1, burst * guests),
  perSecond: perSecond * guests,
});

/** A network never has less than one of its addresses. */
const together = (address: RateLimit, subnet: RateLimit, account: RateLimit | null): ActionLimits => ({
  address,
  subnet: {
    burst: Math.max(address.burst, subnet.burst),
    perSecond: Math.max(address.perSecond, subnet.perSecond),
  },
  account,
});

/**
 * The limits that follow from the room. An address may do as much as so many guests who all use their own limits up. Of
 * the hundreds in a network only some do so at the same time, so each of them counts with less.
 */
export function guestLimits(
  { address, subnet }: GuestRoom,
  { skips, messages }: PeerLimits,
): Readonly<Record<GuestAction, ActionLimits>> {
  // The first search follows no skip.
  const searches = { burst: skips.burst + 1, perSecond: skips.perSecond };
  return {
    // After a restart everybody comes at once: by default 64 from an address.
    greeting: together(
      times({ burst: 8, perSecond: 6 / MINUTE }, address),
      times({ burst: 2, perSecond: 2 / MINUTE }, subnet),
      null,
    ),
    // An account that leaves and comes back is a new peer with all of its skips.
    search: together(
      times(searches, address),
      times({ burst: 1, perSecond: 2 / MINUTE }, subnet),
      times(searches, 2),
    ),
    message: together(times(messages, address), times({ burst: 5, perSecond: 1 / 2 }, subnet), null),
    // Reports are kept for long, each with its chat.
    report: together(
      times({ burst: 3, perSecond: 1 / (10 * MINUTE) }, address),
      times({ burst: 1 / 2, perSecond: 1 / (60 * MINUTE) }, subnet),
      { burst: 10, perSecond: 1 / (2 * MINUTE) },
    ),
  };
}

/** Where somebody is: hashes that are equal for equal addresses and networks; null: not known. */
export interface Place {
  readonly address: string | null;
  readonly subnet: string | null;
}

/** Counts people, of each address and each network no more than there is room for. */
export class Headcount {
  private counted = 0;
  private readonly byAddress = new Map<string, number>();
  private readonly bySubnet = new Map<string, number>();

  constructor(private readonly room: GuestRoom) {}

  get total(): number {
    return this.counted;
  }

  add({ address, subnet }: Place): void {
    const ofAddress = address === null ? 0 : (this.byAddress.get(address) ?? 0);
    const ofSubnet = subnet === null ? 0 : (this.bySubnet.get(subnet) ?? 0);
    const { address: ofOne, subnet: ofAll } = this.room;
    if (ofAddress >= ofOne || ofSubnet >= Math.max(ofOne, ofAll)) return;
    if (address !== null) this.byAddress.set(address, ofAddress + 1);
    if (subnet !== null) this.bySubnet.set(subnet, ofSubnet + 1);
    this.counted += 1;
  }
}
