import { isFurtherWindow } from '../../domain/users';
import type { Clock } from '../ports/clock';
import type { ErrorReporter } from '../ports/error-reporter';
import type { GuestChange, GuestStore } from '../accounts/ports/guest-store';
import type { PeerRegistry } from './peer-registry';
import type { Peer, PeerState } from './peer';

/** How often what guests are doing is compared with what was last written. */
const TICK_MS = 2_000;
/** How often a guest's session is renewed while the guest is here and nothing about them changes. */
const RENEW_MS = 10 * 60_000;
/** How often guests whose two hours are over are removed. */
const EXPIRE_MS = 10 * 60_000;

/** The values that the last write depended on, unprocessed: comparing them has to be cheap for ten thousand guests. */
interface Written {
  readonly state: PeerState;
  readonly isHere: boolean;
  readonly partnerId: string | undefined;
  readonly connectedAt: number | null | undefined;
  /** `Clock.elapsed` */
  readonly at: number;
}

interface Partner {
  readonly id: string;
  /** Since when both participants can talk; null: not yet. */
  readonly connectedAt: number | null;
}

/** Finds the partner in a peer's present call, whichever node owns the call. */
export interface FindsPartners {
  partnerOf(peer: Peer): Partner | undefined;
}

export interface GuestPresenceDeps {
  readonly peers: PeerRegistry;
  readonly guests: GuestStore;
  readonly partners: FindsPartners;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
}

/**
 * Keeps in the guests' store what guests are doing: online, searching, in a call and with whom. Changes are written a
 * few seconds late at most; nothing that needs the exact state at once reads them.
 */
export class GuestPresence {
  private readonly written = new Map<string, Written>();
  private readonly stops: (() => void)[];

  constructor(private readonly deps: GuestPresenceDeps) {
    const { clock } = deps;
    this.stops = [clock.every(TICK_MS, () => this.tick()), clock.every(EXPIRE_MS, () => this.expire())];
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  private expire(): void {
    const { guests, clock, reportError } = this.deps;
    guests
      .expire(clock.now())
      .catch((error: unknown) => reportError(error, 'expired guests could not be removed'));
  }

  private tick(): void {
    const { peers } = this.deps;
    const here = new Set<string>();
    for (const peer of peers.all()) {
      const { guestSession } = peer.identity;
      // The guest is where their first window is: the further ones have the same session.
      if (guestSession === null || isFurtherWindow(peer.id)) continue;
      here.add(guestSession);
      this.update(guestSession, peer);
    }
    for (const session of this.written.keys()) {
      if (here.has(session)) continue;
      this.written.delete(session);
      this.write(session, GONE);
    }
  }

  private update(guestSession: string, peer: Peer): void {
    const now = this.deps.clock.elapsed();
    const { state, isHere } = peer;
    const partner = this.deps.partners.partnerOf(peer);
    const before = this.written.get(guestSession);
    const isSame =
      before?.state === state &&
      before.isHere === isHere &&
      before.partnerId === partner?.id &&
      before.connectedAt === partner?.connectedAt;
    if (isSame && now - before.at < RENEW_MS) return;
    this.written.set(guestSession, {
      ...{ state, isHere, partnerId: partner?.id, connectedAt: partner?.connectedAt },
      at: now,
    });
    this.write(guestSession, presenceOf(peer, partner));
  }

  private write(session: string, change: GuestChange): void {
    this.deps.guests.change(session, change, this.deps.clock.now()).catch((error: unknown) => {
      this.written.delete(session);
      this.deps.reportError(error, 'the presence of a guest could not be written');
    });
  }
}

function presenceOf(peer: Peer, partner: Partner | undefined): GuestChange {
  const { state } = peer;
  const wishes = state.kind === 'idle' ? undefined : state.wishes;
  return {
    isOnline: peer.isHere,
    isSearching: state.kind === 'searching' || state.kind === 'cooldown',
    inChat: partner !== undefined,
    connectedUser: partner?.id ?? null,
    connectedAt: partner?.connectedAt ?? null,
    ...(wishes === undefined
      ? {}
      : { gender: wishes.gender, language: wishes.languages[0] ?? null, location: wishes.country }),
  };
}

const GONE: GuestChange = {
  isOnline: false,
  isSearching: false,
  inChat: false,
  connectedUser: null,
  connectedAt: null,
};
