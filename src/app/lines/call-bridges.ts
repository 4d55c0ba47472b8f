import { DomainError } from '../../domain/error';
import type { CallMedia, Source } from '../../protocol';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { LineDirectory } from './line-directory';
import type { BridgeLocation } from './line-location';
import type { MediaNode } from './media-node';
import { bridgeBroken } from './messages';

/** How long a replaced bridge goes on beside the new one, until the first picture of the new one is surely seen. */
const REPLACED_MS = 2_000;

/** The bridge of a call that is owned here, and the nodes that have a part in it. */
interface CallBridge extends BridgeLocation {
  flows: boolean;
  /** The bridge that this one replaces. It goes on until this one flows. */
  previous: BridgeLocation | null;
}

export interface BridgeEvents {
  /** The bridge of this call is gone, though both lines may be there. */
  broken(callId: string): void;
}

export interface CallBridgesDeps {
  readonly clock: Clock;
  readonly messenger: NodeMessenger;
  /** The media of a node, of this one too. */
  readonly nodes: (address: NodeAddress) => MediaNode;
  readonly lines: Pick<LineDirectory, 'readyLine' | 'claim'>;
}

/**
 * The bridges of the calls that are owned here, on whichever nodes their lines are. Every method that can fail
 * rejects with a `DomainError` (`line_missing`, `media_unavailable`, `node_unreachable`).
 */
export class CallBridges implements EventSource<BridgeEvents> {
  private readonly byCall = new Map<string, CallBridge>();
  private readonly events = new EventEmitter<BridgeEvents>();
  private lastGeneration = 0;

  constructor(private readonly deps: CallBridgesDeps) {
    deps.messenger.onNotification(bridgeBroken, ({ callId, generation }) => {
      if (this.byCall.get(callId)?.generation !== generation) return;
      this.events.emit((listener) => listener.broken?.(callId));
    });
  }

  on(listener: Partial<BridgeEvents>): void {
    this.events.on(listener);
  }

  /** How many calls of this node have a bridge. */
  get size(): number {
    return this.byCall.size;
  }

  /**
   * Bridges two ready lines: paused consumers of each other's producers of these sources. Answers with what each peer
   * has to consume. An earlier bridge of the call is closed first; but where it flows and one of the two lines has
   * moved, it goes on until the new bridge flows, so that no picture stands still.
   */
  async create(
    callId: string,
    peerIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    try {
      return await this.bridge(callId, peerIds, sources);
    } catch (error) {
      // A line may be gone without a notification from its node. Claiming the line finds out.
      if (error instanceof DomainError && error.code === 'line_missing') {
        for (const peerId of peerIds) void this.deps.lines.claim(peerId);
      }
      throw error;
    }
  }

  /**
   * Both clients have made their consumers: lets the media flow, with one key frame requested at this moment.
   * `isOpen`: both have accepted. Before that no sound flows, and the low layer of the picture alone, which the sender
   * has veiled.
   */
  async startFlow(callId: string, generation: number, isOpen: boolean): Promise<void> {
    const { nodes, clock } = this.deps;
    const bridge = this.byCall.get(callId);
    if (bridge?.generation !== generation) return;
    // Consumers on all nodes are resumed before any producer: the one key frame request then goes all the way.
    await Promise.all(
      bridge.nodes.map((node) => nodes(node).resumeConsumers({ callId, generation, isOpen })),
    );
    if (this.byCall.get(callId) !== bridge) return;
    await Promise.all(
      bridge.nodes.map((node) => nodes(node).resumeProducers({ callId, generation, isOpen })),
    );
    if (bridge.flows) return;
    bridge.flows = true;
    if (bridge.previous !== null) clock.after(REPLACED_MS, () => this.closePrevious(callId, bridge));
  }

  /** Both have accepted: sound and the whole picture flow as well. */
  async openFlow(callId: string): Promise<void> {
    const bridge = this.byCall.get(callId);
    if (bridge !== undefined) await this.startFlow(callId, bridge.generation, true);
  }

  /** Closes the call's bridge. The lines stay, and their producers are paused. Idempotent. */
  close(callId: string): void {
    const bridge = this.byCall.get(callId);
    if (bridge === undefined) return;
    this.byCall.delete(callId);
    this.closePrevious(callId, bridge);
    this.closeOn(callId, bridge);
  }

  /** The bridge, for another owner to go on with. Null when it does not flow, or is being replaced. */
  flowing(callId: string): BridgeLocation | null {
    const bridge = this.byCall.get(callId);
    if (bridge?.flows !== true || bridge.previous !== null) return null;
    const { generation, nodes, lines } = bridge;
    return { generation, nodes: [...nodes], lines: [lines[0], lines[1]] };
  }

  /** The generation of the call's bridge; 0 where it has none. */
  generationOf(callId: string): number {
    return this.byCall.get(callId)?.generation ?? 0;
  }

  /** Another owner has come so far with a call of this node, however its clock is set. */
  goOnFrom(generation: number): void {
    this.lastGeneration = Math.max(this.lastGeneration, generation);
  }

  /** This node owns the call now. Another owner has made its bridge, which flows. */
  adopt(callId: string, at: BridgeLocation): void {
    this.goOnFrom(at.generation);
    this.byCall.set(callId, { ...at, flows: true, previous: null });
  }

  /** Another node owns the call now, and its bridge with it. */
  release(callId: string): void {
    this.byCall.delete(callId);
  }

  closeAll(): void {
    for (const callId of [...this.byCall.keys()]) this.close(callId);
  }

  private async bridge(
    callId: string,
    peerIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const { lines, nodes } = this.deps;
    const [one, other] = [lines.readyLine(peerIds[0]), lines.readyLine(peerIds[1])];
    const previous = this.replaceable(callId, [one.lineId, other.lineId]);
    if (previous === null) this.close(callId);
    const generation = this.nextGeneration();
    const at = [...new Set([one.node, other.node])];
    const own: CallBridge = {
      generation,
      nodes: at,
      lines: [one.lineId, other.lineId],
      flows: false,
      previous,
    };
    this.byCall.set(callId, own);
    // Of two nodes always the same one opens the pipe between them, so that none is opened twice.
    const isFirst = one.node <= other.node;
    const [first, second] = isFirst ? [one, other] : [other, one];
    const ids: [string, string] = isFirst ? [peerIds[0], peerIds[1]] : [peerIds[1], peerIds[0]];
    try {
      const { media } = await nodes(first.node).createBridge({
        callId,
        generation,
        sources: [...sources],
        makeBeforeBreak: previous !== null,
        peerIds: ids,
        other: at.length === 1 ? null : { node: second.node, router: second.router },
      });
      if (this.byCall.get(callId) === own) return new Map(media);
    } catch (error) {
      if (this.byCall.get(callId) === own) this.close(callId);
      throw error;
    }
    throw new DomainError('line_missing', 'the bridge was closed before it was made');
  }

  /** The bridge that may go on beside a new one between these lines. */
  private replaceable(callId: string, lines: readonly [string, string]): CallBridge | null {
    const bridge = this.byCall.get(callId);
    if (bridge?.flows !== true) return null;
    const moved = lines.filter((lineId) => !bridge.lines.includes(lineId));
    // With two new lines nothing of the old bridge can go on; with the same two lines, nothing needs to.
    if (moved.length !== 1) return null;
    this.closePrevious(callId, bridge);
    return bridge;
  }

  private closePrevious(callId: string, bridge: CallBridge): void {
    if (bridge.previous === null) return;
    this.closeOn(callId, bridge.previous);
    bridge.previous = null;
  }

  private closeOn(callId: string, { generation, nodes }: BridgeLocation): void {
    for (const node of nodes) this.deps.nodes(node).closeBridge({ callId, generation });
  }

  /** Generations grow even across the successive owners of a call: by the clock, and by what the snapshot says. */
  private nextGeneration(): number {
    this.lastGeneration = Math.max(this.lastGeneration + 1, this.deps.clock.now());
    return this.lastGeneration;
  }
}
