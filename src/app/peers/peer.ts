import { z } from 'zod';
import type { Encounter, Ticket } from '../../domain/pairing/ticket';
import { userIdOf } from '../../domain/users';
import { fullBucket, type TokenBucket, type RateLimit } from '../../domain/token-bucket';
import type { CloseName, ServerMessage, Wishes } from '../../protocol';
import type { Allowance } from '../plans/allowance';
import type { NodeAddress } from '../ports/bus';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { Identity } from '../accounts/identity';

/** Where a peer comes from, beside their address: the network around it, and the browser. */
export const originSchema = z.object({
  subnet: z.string().max(64),
  device: z.string().max(64),
  /** The browser has not shown the cookie of this device yet: it gets it with the reply to this request. */
  isNewDevice: z.boolean().default(false),
});
export type Origin = Readonly<z.infer<typeof originSchema>>;

/** The socket of a peer, as far as the use cases need to know it. */
export interface PeerSocket {
  send(message: ServerMessage): void;
  close(name: CloseName): void;
}

/** What a peer is doing. Exactly one of these at any time. */
export type PeerState =
  | { readonly kind: 'idle' }
  /** A pause after skipping too fast; the search begins by itself when it is over, at `until` (`Clock.elapsed`). */
  | { readonly kind: 'cooldown'; readonly wishes: Wishes; readonly until: number; readonly stop: () => void }
  | {
      readonly kind: 'searching';
      readonly wishes: Wishes;
      readonly ticket: Ticket;
      readonly step: number;
      /** False while the peer is away: the ticket is then out of the queue, and its waiting time is kept. */
      readonly queued: boolean;
    }
  | {
      readonly kind: 'in_call';
      readonly wishes: Wishes;
      readonly callId: string;
      /** When the peer began to wait (`Clock.elapsed`). */
      readonly since: number;
      /** The owner node of the call, if that is another node. */
      readonly owner?: NodeAddress;
    };

/** Whether a peer has a socket. `until`: when their place is given up (`Clock.elapsed`). */
export type Presence =
  | { readonly state: 'here'; readonly socket: PeerSocket }
  | { readonly state: 'away'; readonly until: number; readonly stop: () => void };

export interface PeerChanges {
  /** The snapshot of this peer is out of date. */
  changed(): void;
}

/** How often a peer may have a new line: often enough for an unsteady network, too seldom to exhaust transports. */
export const LINE_LIMIT: RateLimit = { burst: 6, perSecond: 1 / 2 };

/** How many encounters are kept: more than the rules look back on. */
const ENCOUNTERS_KEPT = 40;

/** One peer, from their first socket until the grace period after their last socket has passed. */
export class Peer implements EventSource<PeerChanges> {
  presence: Presence;
  /** The peer's gateway, if that is another node: this object then represents them on the owner node of their call. */
  gatewayNode: NodeAddress | null = null;
  media = { microphone: true, camera: true };
  /** What is left of the peer's skips; undefined until the first skip. */
  skipBucket: TokenBucket | undefined;
  /** Whether the peer ended their last call themselves: the next search then counts as a skip. */
  endedLastCall = false;
  /** Whether the peer has searched before. */
  hasSearched = false;
  lineBucket: TokenBucket;
  /** Ids of the users whom this peer has blocked: a block is about all windows of a user. */
  readonly blocked: Set<string>;
  identity: Identity;
  /** Keyed hash of the peer's address; null until it is known. */
  addressHash: string | null = null;
  /** Keyed hashes of what else a ban can hold for; null until they are known. */
  origin: Origin | null = null;
  private encounters: Encounter[] = [];
  private currentState: PeerState = { kind: 'idle' };
  private readonly events = new EventEmitter<PeerChanges>();

  constructor(
    identity: Identity,
    /** What the peer's plan allows, and how much of it is used. */
    readonly allowance: Allowance,
    public resumeToken: string,
    socket: PeerSocket,
    /** `Clock.elapsed` */
    now: number,
  ) {
    this.identity = identity;
    this.blocked = new Set(identity.blocked);
    this.presence = { state: 'here', socket };
    this.lineBucket = fullBucket(LINE_LIMIT, now);
  }

  get state(): PeerState {
    return this.currentState;
  }

  set state(state: PeerState) {
    this.currentState = state;
    this.changed();
  }

  on(listener: Partial<PeerChanges>): void {
    this.events.on(listener);
  }

  /** To be called after a change that the peer does not see itself. */
  changed(): void {
    this.events.emit((listener) => listener.changed?.());
  }

  get id(): string {
    return this.identity.userId;
  }

  get name(): string {
    return this.identity.name;
  }

  get isHere(): boolean {
    return this.presence.state === 'here';
  }

  get recent(): readonly Encounter[] {
    return this.encounters;
  }

  /**
   * Sends to the peer's socket. While the peer is away messages are dropped; they get their state when they are back.
   */
  send(message: ServerMessage): void {
    if (this.presence.state === 'here') this.presence.socket.send(message);
  }

  /** The peer is not matched with that user any more. The snapshot of the peer says so, too. */
  block(peerId: string): void {
    this.blocked.add(userIdOf(peerId));
    this.changed();
  }

  hasBlocked(peerId: string): boolean {
    return this.blocked.has(userIdOf(peerId));
  }

  recordEncounter(peerId: string, at: number): void {
    const userId = userIdOf(peerId);
    const others = this.encounters.filter((encounter) => encounter.peerId !== userId);
    this.encounters = [{ peerId: userId, at }, ...others].slice(0, ENCOUNTERS_KEPT);
  }

  /** Sets the encounters that the peer had at their former gateway. */
  restoreEncounters(encounters: readonly Encounter[]): void {
    this.encounters = [...encounters];
  }
}
