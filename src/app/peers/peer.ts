import type { Encounter, Ticket } from '../../domain/pairing/ticket';
import { fullBucket, type TokenBucket, type RateLimit } from '../../domain/token-bucket';
import type { CloseName, ServerMessage, Wishes } from '../../protocol';
import type { Allowance } from '../plans/allowance';
import type { NodeAddress } from '../ports/bus';
import type { Identity } from '../accounts/identity';

/** Where messages to a person go: their socket, as far as the use cases need to know it. */
export interface PeerSocket {
  send(message: ServerMessage): void;
  close(name: CloseName): void;
}

/** What a person is doing. Exactly one of these at any time. */
export type PeerState =
  | { readonly kind: 'idle' }
  /** A pause after skipping too fast; the search begins by itself when it is over. */
  | { readonly kind: 'cooldown'; readonly wishes: Wishes; readonly until: number; readonly stop: () => void }
  | {
      readonly kind: 'searching';
      readonly wishes: Wishes;
      readonly ticket: Ticket;
      readonly step: number;
      /** False while the person's socket is away: the ticket is then out of the queue, its time kept. */
      readonly queued: boolean;
    }
  | {
      readonly kind: 'in_call';
      readonly wishes: Wishes;
      readonly callId: string;
      readonly since: number;
      /** The node that is the call's home, where that is another one than this. */
      readonly owner?: NodeAddress;
    };

/** The socket's side of a person. */
export type Presence =
  | { readonly state: 'here'; readonly socket: PeerSocket }
  | { readonly state: 'away'; readonly until: number; readonly stop: () => void };

/** Lines a person may have made anew: a network that comes and goes, but no mill for transports. */
export const LINE_LIMIT: RateLimit = { burst: 6, perSecond: 1 / 2 };

/** Encounters kept; more than the rules look back on, so that the list never grows. */
const ENCOUNTERS_KEPT = 40;

/** One person, from their first socket until the grace after their last one has passed. */
export class Peer {
  presence: Presence;
  /** The node that has this person's socket, where that is another one: this is then how their call's home sees them. */
  gatewayNode: NodeAddress | null = null;
  media = { microphone: true, camera: true };
  /** What is left of their skips; undefined until the first one. */
  skipBucket: TokenBucket | undefined;
  /** Whether the person's last call ended by their own wish: the next search then counts as a skip. */
  endedLastCall = false;
  lineBucket: TokenBucket;
  readonly blocked: Set<string>;
  identity: Identity;
  /** Keyed hash of where they come from; null until it is known. */
  addressHash: string | null = null;
  private encounters: Encounter[] = [];
  private currentState: PeerState = { kind: 'idle' };
  private onChange: () => void = () => undefined;

  constructor(
    identity: Identity,
    /** What their plan allows, and what they have used of it. */
    readonly allowance: Allowance,
    public resumeToken: string,
    socket: PeerSocket,
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
    this.onChange();
  }

  /** Tells whoever keeps a note of this person that it is out of date. */
  changed(): void {
    this.onChange();
  }

  onChanged(listener: () => void): void {
    this.onChange = listener;
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

  /** To the person's socket; while they are away it is dropped, and their state is told anew when they are back. */
  send(message: ServerMessage): void {
    if (this.presence.state === 'here') this.presence.socket.send(message);
  }

  recordEncounter(peerId: string, at: number): void {
    const others = this.encounters.filter((encounter) => encounter.peerId !== peerId);
    this.encounters = [{ peerId, at }, ...others].slice(0, ENCOUNTERS_KEPT);
  }

  /** Whom they met while they had their seat elsewhere. */
  restoreEncounters(encounters: readonly Encounter[]): void {
    this.encounters = [...encounters];
  }
}
