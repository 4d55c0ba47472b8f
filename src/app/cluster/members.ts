import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { TellData } from './contract';
import type { Switchboard } from './switchboard';

export type Heartbeat = TellData<'heartbeat'>;

export interface Member extends Heartbeat {
  readonly address: NodeAddress;
  /** When it told this of itself. */
  readonly heardAt: number;
}

export interface MembersEvents {
  joined(node: NodeAddress): void;
  /**
   * Taken for dead: it was not heard for a while, or has said farewell. Should it live all the same, it joins again in
   * its next life.
   */
  died(node: NodeAddress): void;
  /** This node may have been taken for dead by others, and what it held by them. */
  missed(): void;
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
  member: Member;
  heardAt: number;
  unheard: boolean;
}

export interface MembersDeps {
  readonly switchboard: Switchboard;
  readonly clock: Clock;
  readonly own: () => Omit<Heartbeat, 'life'>;
}

/**
 * The nodes that are there, by what they tell about twice a second. A node judges others only while it hears itself
 * over the same bus: while Redis is away nobody is taken for dead.
 */
export class Members {
  private readonly known = new Map<NodeAddress, Known>();
  private readonly dead = new Map<NodeAddress, { at: number; life: number }>();
  private readonly listeners: Partial<MembersEvents>[] = [];
  private readonly stops: (() => void)[] = [];
  private life = 0;
  private heardOwnAt: number;
  private lookedAt: number;

  constructor(private readonly deps: MembersDeps) {
    const { switchboard, clock } = deps;
    this.heardOwnAt = clock.now();
    this.lookedAt = clock.now();
    switchboard.onTell('heartbeat', (beat, from) => this.heard(beat, from));
    switchboard.onTell('farewell', (_, from) => {
      if (from !== switchboard.self) this.bury(from);
    });
    switchboard.onUnheard((node) => this.unheard(node));
  }

  on(events: Partial<MembersEvents>): void {
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

  get self(): Member {
    return {
      ...this.deps.own(),
      life: this.life,
      address: this.deps.switchboard.self,
      heardAt: this.deps.clock.now(),
    };
  }

  /** All that live, this one included. */
  all(): readonly Member[] {
    return [this.self, ...this.others()];
  }

  others(): readonly Member[] {
    return [...this.known.values()].map(({ member }) => member);
  }

  /** Whether a node is there as far as anyone knows: one that was never heard may only be new. */
  isDead(node: NodeAddress): boolean {
    return this.dead.has(node);
  }

  isKnown(node: NodeAddress): boolean {
    return node === this.deps.switchboard.self || this.known.has(node);
  }

  /** Whether this node hears what is said: what it has not heard means something only then. */
  get hears(): boolean {
    return this.deps.clock.now() - this.heardOwnAt < DEAF_MS;
  }

  /** Tells the others at once what has changed here. */
  beat(): void {
    const { switchboard, own } = this.deps;
    switchboard.tellAll('heartbeat', { ...own(), life: this.life }).catch(() => undefined);
  }

  async close(): Promise<void> {
    for (const stop of this.stops.splice(0)) stop();
    await this.deps.switchboard.tellAll('farewell', {}).catch(() => undefined);
  }

  private heard(beat: Heartbeat, from: NodeAddress): void {
    const now = this.deps.clock.now();
    if (from === this.deps.switchboard.self) {
      // Everybody's silence while nothing could be heard says nothing about them.
      if (now - this.heardOwnAt >= DEAF_MS) this.missed(now);
      this.heardOwnAt = now;
      return;
    }
    const buried = this.dead.get(from);
    if (buried !== undefined && beat.life <= buried.life) return;
    this.dead.delete(from);
    const isNew = !this.known.has(from);
    const member = { ...beat, address: from, heardAt: now };
    this.known.set(from, { member, heardAt: now, unheard: false });
    if (!isNew) return;
    // So that it need not wait for the next beat to know of us.
    this.beat();
    for (const listener of this.listeners) listener.joined?.(from);
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
    if (heldUp) this.missed(now);
    if (!this.hears) return;
    for (const [node, { heardAt, unheard }] of [...this.known]) {
      if (now - heardAt >= (unheard ? DEAD_UNHEARD_MS : DEAD_MS)) this.bury(node);
    }
    for (const [node, { at }] of this.dead) if (now - at >= REMEMBER_DEAD_MS) this.dead.delete(node);
  }

  /**
   * Nothing was heard here for a while, and perhaps nothing of this node elsewhere: the others have their silence
   * forgiven, and what this node holds is looked at before it begins its next life, in which it is taken back.
   */
  private missed(now: number): void {
    for (const known of this.known.values()) known.heardAt = now;
    this.life += 1;
    for (const listener of this.listeners) listener.missed?.();
  }

  private bury(node: NodeAddress): void {
    const life = this.known.get(node)?.member.life ?? 0;
    this.known.delete(node);
    if (this.dead.has(node)) return;
    this.dead.set(node, { at: this.deps.clock.now(), life });
    this.deps.switchboard.forgetNode(node);
    for (const listener of this.listeners) listener.died?.(node);
  }
}
