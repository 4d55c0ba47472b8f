import { z } from 'zod';
import { DEAD_AFTER_MS, isDead, UNHEARD_DEAD_AFTER_MS } from '../../domain/failure-detection';
import { differentSettings, type DifferentSetting } from '../../domain/shared-settings';
import { MODES } from '../../protocol';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import { notification, type DataOf } from './messages';
import type { NodeMessenger } from './node-messenger';
import type { NodeLiveness } from './ports/node-liveness';

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

/**
 * To a node that is heard although it counts as dead: it does not know. It joins again with an incarnation above this
 * one (a refutation, in SWIM's words).
 */
export const declaredDead = notification('declared_dead', z.object({ incarnation: z.number().int() }));

/** The node is about to stop. */
export const leaving = notification('leaving', z.object({}));

export interface NodeInfo extends Heartbeat {
  readonly address: NodeAddress;
  /** When this heartbeat was received, as this process counts (`Clock.elapsed`). */
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
  /** The node gave no sign of life for too long or is leaving. If it is alive all the same, it joins anew. */
  died(node: NodeAddress): void;
  /** This node gave no sign of life for a while: others may have declared it dead and taken over what it held. */
  heldUp(): void;
}

const HEARTBEAT_MS = 400;
/** A node that has not heard itself for this long hears no other node either. */
const DEAF_MS = 1_000;
/** How long dead nodes are remembered, so that a delayed message does not revive them. */
const REMEMBER_DEAD_MS = 10 * 60_000;

interface KnownNode {
  info: NodeInfo;
  heardAt: number;
  isSuspect: boolean;
}

export interface MembershipDeps {
  readonly messenger: NodeMessenger;
  readonly liveness: NodeLiveness;
  readonly clock: Clock;
  readonly own: () => Omit<Heartbeat, 'incarnation'>;
}

/**
 * The nodes of the installation, by their heartbeats. Heartbeats tell what a node is doing, and are late on a node that
 * is busy, as is their reading. So silence is only a reason to ask: a node is declared dead when the store of signs of
 * life says so, which no busy event loop delays. While the store is away, no node is declared dead.
 */
export class Membership implements EventSource<MembershipEvents> {
  private readonly known = new Map<NodeAddress, KnownNode>();
  private readonly dead = new Map<NodeAddress, { at: number; incarnation: number }>();
  private readonly events = new EventEmitter<MembershipEvents>();
  private readonly stops: (() => void)[] = [];
  private incarnation = 0;
  private heardSelfAt: number;
  private isAsking = false;

  constructor(private readonly deps: MembershipDeps) {
    const { messenger, clock } = deps;
    this.heardSelfAt = clock.elapsed();
    messenger.onNotification(heartbeat, (beat, from) => this.heard(beat, from));
    messenger.onNotification(leaving, (_, from) => {
      if (from !== messenger.self) this.markDead(from);
    });
    messenger.onNotification(declaredDead, ({ incarnation }) => {
      if (incarnation >= this.incarnation) this.wasHeldUp();
    });
    messenger.on({ unheard: (node) => this.suspect(node) });
    // What was missed may have been about this node.
    messenger.on({ restored: () => this.wasHeldUp() });
  }

  on(listener: Partial<MembershipEvents>): void {
    this.events.on(listener);
  }

  start(): void {
    const { clock, liveness } = this.deps;
    // A node whose bus is broken hears nobody and is heard by nobody, however well its signs get through.
    liveness.start({ onLapse: () => this.wasHeldUp(), isWell: () => this.hears });
    this.beat();
    this.stops.push(
      clock.every(HEARTBEAT_MS, () => this.beat()),
      clock.every(HEARTBEAT_MS / 2, () => void this.check()),
    );
  }

  get self(): NodeInfo {
    return {
      ...this.deps.own(),
      incarnation: this.incarnation,
      address: this.deps.messenger.self,
      heardAt: this.deps.clock.elapsed(),
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

  /** Whether this node hears the bus: what it does not hear of means something only then. */
  get hears(): boolean {
    return this.deps.clock.elapsed() - this.heardSelfAt < DEAF_MS;
  }

  /** Sends a heartbeat at once, because something about this node has changed. */
  beat(): void {
    const { messenger, own } = this.deps;
    messenger.notifyAll(heartbeat, { ...own(), incarnation: this.incarnation }).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await this.deps.liveness.close();
    await this.deps.messenger.notifyAll(leaving, {}).catch(() => undefined);
  }

  private heard(beat: Heartbeat, from: NodeAddress): void {
    const now = this.deps.clock.elapsed();
    if (from === this.deps.messenger.self) {
      this.heardSelfAt = now;
      return;
    }
    const dead = this.dead.get(from);
    if (dead !== undefined && beat.incarnation <= dead.incarnation) {
      this.deps.messenger.notify(from, declaredDead, { incarnation: dead.incarnation });
      return;
    }
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
    void this.check();
  }

  private async check(): Promise<void> {
    const now = this.deps.clock.elapsed();
    for (const [node, { at }] of this.dead) if (now - at >= REMEMBER_DEAD_MS) this.dead.delete(node);
    const silent = [...this.known].flatMap(([node, { heardAt, isSuspect }]) =>
      now - heardAt >= (isSuspect ? UNHEARD_DEAD_AFTER_MS : DEAD_AFTER_MS) ? [node] : [],
    );
    if (silent.length === 0 || this.isAsking) return;
    this.isAsking = true;
    try {
      await this.judge(silent);
    } catch {
      // The store is away: nobody can know who is dead. The next check asks again.
    } finally {
      this.isAsking = false;
    }
  }

  /** A silent node that still gives signs of life is only busy. It is asked about again for as long as it is silent. */
  private async judge(silent: readonly NodeAddress[]): Promise<void> {
    const heardBefore = new Map(silent.map((node) => [node, this.known.get(node)?.heardAt]));
    // The signs of the others count too: this node may just have stood still, and have none of its own.
    const { watchedMs, silentMs } = await this.deps.liveness.silences([...this.known.keys()]);
    for (const node of silent) {
      const known = this.known.get(node);
      // What was heard while the store answered is newer than the answer.
      if (known === undefined || known.heardAt !== heardBefore.get(node)) continue;
      if (isDead({ watchedMs, silentMs: silentMs(node) }, known.isSuspect)) this.markDead(node);
    }
  }

  /** The higher incarnation lets others accept this node again, and listeners check what this node still holds. */
  private wasHeldUp(): void {
    this.incarnation += 1;
    this.beat();
    this.events.emit((listener) => listener.heldUp?.());
  }

  private markDead(node: NodeAddress): void {
    const incarnation = this.known.get(node)?.info.incarnation ?? 0;
    this.known.delete(node);
    if (this.dead.has(node)) return;
    this.dead.set(node, { at: this.deps.clock.elapsed(), incarnation });
    this.deps.messenger.forgetNode(node);
    this.events.emit((listener) => listener.died?.(node));
  }
}
