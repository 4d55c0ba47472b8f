import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { NotificationData } from './contract';
import type { NodeMessenger } from './node-messenger';

export type Heartbeat = NotificationData<'heartbeat'>;

export interface NodeInfo extends Heartbeat {
  readonly address: NodeAddress;
  /** When it told this of itself. */
  readonly heardAt: number;
}

export interface MembershipEvents {
  bridge(node: NodeAddress): void;
  /**
   * Taken for dead: it was not heard for a while, or has said farewell. Should it live all the same, it joins again in
   * its next life.
   */
  died(node: NodeAddress): void;
  /** This node may have been taken for dead by others, and what it held by them. */
  maybeSuspected(): void;
}

const BEAT_MS = 400;
/** A node that nobody has heard for this long is taken for dead; sooner where nobody listens for it any more. */
const DEAD_MS = 1_900;
const DEAD_UNHEARD_MS = 900;
/** Whoever did not hear themselves for this long hears nobody, and judges nobody. */
const DEAF_MS = 1_000;
/** Between two looks at most this much; a process that was held up longer has to listen first. */
const HELD_UP_MS = 700;
/** How long the dead are remembered, so that a text that was long on its way does not raise them. */
const REMEMBER_DEAD_MS = 10 * 60_000;

interface Known {
  info: NodeInfo;
  heardAt: number;
  unheard: boolean;
}

export interface MembershipDeps {
  readonly messenger: NodeMessenger;
  readonly clock: Clock;
  readonly own: () => Omit<Heartbeat, 'incarnation'>;
}

/**
 * The nodes that are there, by what they tell about twice a second. A node judges others only while it hears itself
 * over the same bus: while Redis is away nobody is taken for dead.
 */
export class Membership {
  private readonly known = new Map<NodeAddress, Known>();
  private readonly dead = new Map<NodeAddress, { at: number; incarnation: number }>();
  private readonly listeners: Partial<MembershipEvents>[] = [];
  private readonly stops: (() => void)[] = [];
  private incarnation = 0;
  private heardOwnAt: number;
  private lookedAt: number;

  constructor(private readonly deps: MembershipDeps) {
    const { messenger, clock } = deps;
    this.heardOwnAt = clock.now();
    this.lookedAt = clock.now();
    messenger.onNotification('heartbeat', (beat, from) => this.heard(beat, from));
    messenger.onNotification('leaving', (_, from) => {
      if (from !== messenger.self) this.markDead(from);
    });
    messenger.onUnheard((node) => this.unheard(node));
  }

  on(events: Partial<MembershipEvents>): void {
    this.listeners.push(events);
  }

  start(): void {
    const { clock } = this.deps;
    this.beat();
    this.stops.push(
      clock.every(BEAT_MS, () => this.beat()),
      clock.every(BEAT_MS / 2, () => this.look()),
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

  /** All that live, this one included. */
  all(): readonly NodeInfo[] {
    return [this.self, ...this.others()];
  }

  others(): readonly NodeInfo[] {
    return [...this.known.values()].map(({ info }) => info);
  }

  /** Whether a node is there as far as anyone knows: one that was never heard may only be new. */
  isDead(node: NodeAddress): boolean {
    return this.dead.has(node);
  }

  isKnown(node: NodeAddress): boolean {
    return node === this.deps.messenger.self || this.known.has(node);
  }

  /** Whether this node hears what is said: what it has not heard means something only then. */
  get hears(): boolean {
    return this.deps.clock.now() - this.heardOwnAt < DEAF_MS;
  }

  /** Tells the others at once what has changed here. */
  beat(): void {
    const { messenger, own } = this.deps;
    messenger.notifyAll('heartbeat', { ...own(), incarnation: this.incarnation }).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await this.deps.messenger.notifyAll('leaving', {}).catch(() => undefined);
  }

  private heard(beat: Heartbeat, from: NodeAddress): void {
    const now = this.deps.clock.now();
    if (from === this.deps.messenger.self) {
      // Everybody's silence while nothing could be heard says nothing about them.
      if (now - this.heardOwnAt >= DEAF_MS) this.heldUp(now);
      this.heardOwnAt = now;
      return;
    }
    const deadSince = this.dead.get(from);
    if (deadSince !== undefined && beat.incarnation <= deadSince.incarnation) return;
    this.dead.delete(from);
    const isNew = !this.known.has(from);
    const participant = { ...beat, address: from, heardAt: now };
    this.known.set(from, { info: participant, heardAt: now, unheard: false });
    if (!isNew) return;
    // So that it need not wait for the next beat to know of us.
    this.beat();
    for (const listener of this.listeners) listener.bridge?.(from);
  }

  private unheard(node: NodeAddress): void {
    const known = this.known.get(node);
    if (known !== undefined) known.unheard = true;
    this.look();
  }

  private look(): void {
    const now = this.deps.clock.now();
    const heldUp = now - this.lookedAt >= HELD_UP_MS;
    this.lookedAt = now;
    if (heldUp) this.heldUp(now);
    if (!this.hears) return;
    for (const [node, { heardAt, unheard }] of [...this.known]) {
      if (now - heardAt >= (unheard ? DEAD_UNHEARD_MS : DEAD_MS)) this.markDead(node);
    }
    for (const [node, { at }] of this.dead) if (now - at >= REMEMBER_DEAD_MS) this.dead.delete(node);
  }

  /**
   * Nothing was heard here for a while, and perhaps nothing of this node elsewhere: the others have their silence
   * forgiven, and what this node holds is looked at before it begins its next life, in which it is taken back.
   */
  private heldUp(now: number): void {
    for (const known of this.known.values()) known.heardAt = now;
    this.incarnation += 1;
    for (const listener of this.listeners) listener.maybeSuspected?.();
  }

  private markDead(node: NodeAddress): void {
    const life = this.known.get(node)?.info.incarnation ?? 0;
    this.known.delete(node);
    if (this.dead.has(node)) return;
    this.dead.set(node, { at: this.deps.clock.now(), incarnation: life });
    this.deps.messenger.forgetNode(node);
    for (const listener of this.listeners) listener.died?.(node);
  }
}
