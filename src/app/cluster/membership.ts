import { z } from 'zod';
import { differentSettings, type DifferentSetting } from '../../domain/shared-settings';
import { MODES } from '../../protocol';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import { notification, type DataOf } from './messages';
import type { NodeMessenger } from './node-messenger';

/** Every node sends it to all nodes, two and a half times a second. */
export const heartbeat = notification(
  'heartbeat',
  z.object({
    /**
     * A node raises its incarnation (SWIM's word) when others may have declared it dead. They accept it again only
     * with a higher incarnation, so that a delayed message does not revive a dead node.
     */
    incarnation: z.number().int(),
    region: z.string(),
    role: z.enum(['all', 'signaling', 'media']),
    draining: z.boolean(),
    lines: z.number().int(),
    /** Media workers that are alive; 0 on a node that takes no lines. */
    workers: z.number().int(),
    total: z.number().int(),
    online: z.number().int(),
    connected: z.number().int(),
    calls: z.number().int(),
    /** Peers of this node's region who search, by mode. */
    searching: z.record(z.enum(MODES), z.number().int()),
    /** Marks of the settings that all nodes need alike, by name. */
    settings: z.record(z.string().max(64), z.string().max(64)).default({}),
  }),
);
export type Heartbeat = DataOf<typeof heartbeat>;

/** The node is about to stop. */
export const leaving = notification('leaving', z.object({}));

export interface NodeInfo extends Heartbeat {
  readonly address: NodeAddress;
  /** When this heartbeat was received, ms since the epoch. */
  readonly heardAt: number;
}

/**
 * What this node believes of another node. `unknown`: it was never heard, so it may be new or long gone. `suspect`:
 * no process listens on its channel at this moment, so it is declared dead sooner. A `dead` node that is heard again
 * with a higher incarnation is `alive`.
 */
export type NodeState = 'unknown' | 'alive' | 'suspect' | 'dead';

export interface MembershipEvents {
  joined(node: NodeAddress): void;
  /** The node was silent for too long or is leaving. If it is alive all the same, it joins with a new incarnation. */
  died(node: NodeAddress): void;
  /** This node was held up or heard nothing: others may have declared it dead and taken over what it held. */
  heldUp(): void;
}

const HEARTBEAT_MS = 400;
/** A node that was silent for this long is dead. A suspect node is dead sooner. */
const DEAD_MS = 1_900;
const SUSPECT_DEAD_MS = 900;
/** A node that has not heard itself for this long hears no other node either, so it declares none dead. */
const DEAF_MS = 1_000;
/** If the pause between two checks is longer than this, the process was held up. */
const HELD_UP_MS = 700;
/** How long dead nodes are remembered, so that a delayed message does not revive them. */
const REMEMBER_DEAD_MS = 10 * 60_000;

interface KnownNode {
  info: NodeInfo;
  heardAt: number;
  isSuspect: boolean;
}

export interface MembershipDeps {
  readonly messenger: NodeMessenger;
  readonly clock: Clock;
  readonly own: () => Omit<Heartbeat, 'incarnation'>;
}

/**
 * The nodes of the installation, by their heartbeats. A node declares others dead only while it hears itself over the
 * same bus: while Redis is away, no node is declared dead.
 */
export class Membership implements EventSource<MembershipEvents> {
  private readonly known = new Map<NodeAddress, KnownNode>();
  private readonly dead = new Map<NodeAddress, { at: number; incarnation: number }>();
  private readonly events = new EventEmitter<MembershipEvents>();
  private readonly stops: (() => void)[] = [];
  private incarnation = 0;
  private heardSelfAt: number;
  private checkedAt: number;

  constructor(private readonly deps: MembershipDeps) {
    const { messenger, clock } = deps;
    this.heardSelfAt = clock.now();
    this.checkedAt = clock.now();
    messenger.onNotification(heartbeat, (beat, from) => this.heard(beat, from));
    messenger.onNotification(leaving, (_, from) => {
      if (from !== messenger.self) this.markDead(from);
    });
    messenger.onUnheard((node) => this.suspect(node));
  }

  on(listener: Partial<MembershipEvents>): void {
    this.events.on(listener);
  }

  start(): void {
    const { clock } = this.deps;
    this.beat();
    this.stops.push(
      clock.every(HEARTBEAT_MS, () => this.beat()),
      clock.every(HEARTBEAT_MS / 2, () => this.check()),
    );
  }

  get self(): NodeInfo {
    return {
      ...this.deps.own(),
      incarnation: this.incarnation,
      address: this.deps.messenger.self,
      heardAt: this.deps.clock.now(),
    };
  }

  /** All nodes that are alive, this one included. */
  all(): readonly NodeInfo[] {
    return [this.self, ...this.others()];
  }

  /** Settings that other nodes have otherwise than this one. */
  differentSettings(): DifferentSetting[] {
    return differentSettings(
      this.deps.own().settings,
      this.others().map(({ settings }) => settings),
    );
  }

  others(): readonly NodeInfo[] {
    return [...this.known.values()].map(({ info }) => info);
  }

  stateOf(node: NodeAddress): NodeState {
    if (node === this.deps.messenger.self) return 'alive';
    const known = this.known.get(node);
    if (known !== undefined) return known.isSuspect ? 'suspect' : 'alive';
    return this.dead.has(node) ? 'dead' : 'unknown';
  }

  /** Whether a node was heard and has not been declared dead since. */
  isReachable(node: NodeAddress): boolean {
    const state = this.stateOf(node);
    return state === 'alive' || state === 'suspect';
  }

  /** Whether this node hears the bus. The silence of others means something only then. */
  get hears(): boolean {
    return this.deps.clock.now() - this.heardSelfAt < DEAF_MS;
  }

  /** Sends a heartbeat at once, because something about this node has changed. */
  beat(): void {
    const { messenger, own } = this.deps;
    messenger.notifyAll(heartbeat, { ...own(), incarnation: this.incarnation }).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await this.deps.messenger.notifyAll(leaving, {}).catch(() => undefined);
  }

  private heard(beat: Heartbeat, from: NodeAddress): void {
    const now = this.deps.clock.now();
    if (from === this.deps.messenger.self) {
      // While this node heard nothing, the silence of the others says nothing about them.
      if (now - this.heardSelfAt >= DEAF_MS) this.wasHeldUp(now);
      this.heardSelfAt = now;
      return;
    }
    const dead = this.dead.get(from);
    if (dead !== undefined && beat.incarnation <= dead.incarnation) return;
    this.dead.delete(from);
    const isNew = !this.known.has(from);
    this.known.set(from, { info: { ...beat, address: from, heardAt: now }, heardAt: now, isSuspect: false });
    if (!isNew) return;
    // The new node need not wait for the next heartbeat to know of this one.
    this.beat();
    this.events.emit((listener) => listener.joined?.(from));
  }

  private suspect(node: NodeAddress): void {
    const known = this.known.get(node);
    if (known !== undefined) known.isSuspect = true;
    this.check();
  }

  private check(): void {
    const now = this.deps.clock.now();
    const isLate = now - this.checkedAt >= HELD_UP_MS;
    this.checkedAt = now;
    if (isLate) this.wasHeldUp(now);
    if (!this.hears) return;
    for (const [node, { heardAt, isSuspect }] of [...this.known]) {
      if (now - heardAt >= (isSuspect ? SUSPECT_DEAD_MS : DEAD_MS)) this.markDead(node);
    }
    for (const [node, { at }] of this.dead) if (now - at >= REMEMBER_DEAD_MS) this.dead.delete(node);
  }

  /**
   * This node heard nothing for a while, and perhaps no other node heard it. The silence of the others does not
   * count. The higher incarnation lets others accept this node again, and listeners check what this node still holds.
   */
  private wasHeldUp(now: number): void {
    for (const known of this.known.values()) known.heardAt = now;
    this.incarnation += 1;
    this.events.emit((listener) => listener.heldUp?.());
  }

  private markDead(node: NodeAddress): void {
    const incarnation = this.known.get(node)?.info.incarnation ?? 0;
    this.known.delete(node);
    if (this.dead.has(node)) return;
    this.dead.set(node, { at: this.deps.clock.now(), incarnation });
    this.deps.messenger.forgetNode(node);
    this.events.emit((listener) => listener.died?.(node));
  }
}
