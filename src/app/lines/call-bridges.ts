import { DomainError } from '../../domain/error';
import type { CallMedia, Source } from '../../protocol';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { BridgeLocation, LineAt } from '../cluster/contract';
import type { LineHost } from './line-host';

/** How long a joining goes on beside the one that has taken its place: until that one's first picture is seen. */
const BESIDE_MS = 2_000;

/** A call whose media was asked for, and the nodes that have a part in it. */
interface BridgedCall extends BridgeLocation {
  flows: boolean;
  /** The joining it takes the place of, which goes on until this one flows. */
  previous: BridgeLocation | null;
}

export interface CallBridgesDeps {
  readonly clock: Clock;
  readonly host: (node: NodeAddress) => LineHost;
  /** Throws `DomainError` where the person has no line that calls may join. */
  readonly readyLine: (peerId: string) => LineAt;
}

/** The joinings of the calls that are at home here, wherever their lines are. */
export class CallBridges {
  private readonly byCall = new Map<string, BridgedCall>();
  private lastGeneration = 0;

  constructor(private readonly deps: CallBridgesDeps) {}

  /**
   * What the call had is closed first; but where it flows and one of the two lines has moved, it goes on until the new
   * joining flows, so that no picture stands still.
   */
  async create(
    callId: string,
    peerIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const { readyLine, host } = this.deps;
    const [one, other] = [readyLine(peerIds[0]), readyLine(peerIds[1])];
    const before = this.bridgeToReplace(callId, [one.lineId, other.lineId]);
    if (before === null) this.close_(callId);
    const generation = this.nextGeneration();
    const nodes = [...new Set([one.node, other.node])];
    const lines: [string, string] = [one.lineId, other.lineId];
    const bridge: BridgedCall = { generation, nodes, lines, flows: false, previous: before };
    this.byCall.set(callId, bridge);
    // Always the same one of two nodes makes the pipe between them, so that none is made twice.
    const isFirst = one.node <= other.node;
    const [first, second] = isFirst ? [one, other] : [other, one];
    const ids: [string, string] = isFirst ? [peerIds[0], peerIds[1]] : [peerIds[1], peerIds[0]];
    const across = nodes.length === 1 ? null : { node: second.node, router: second.router };
    const request = { callId, generation, sources, makeBeforeBreak: before !== null };
    try {
      const media = await host(first.node).createBridge(request, ids, across);
      if (this.byCall.get(callId) === bridge) return media;
    } catch (error) {
      if (this.byCall.get(callId) === bridge) this.close_(callId);
      throw error;
    }
    throw new DomainError('line_missing', 'the joining was given up while it was made');
  }

  async startFlow(callId: string, generation: number, open: boolean): Promise<void> {
    const { host, clock } = this.deps;
    const bridge = this.byCall.get(callId);
    if (bridge?.generation !== generation) return;
    // On all nodes the way is open before anybody sends: the one key frame request then goes all the way.
    await Promise.all(bridge.nodes.map((node) => host(node).resumeConsumers(callId, generation, open)));
    if (this.byCall.get(callId) !== bridge) return;
    await Promise.all(bridge.nodes.map((node) => host(node).resumeProducers(callId, generation, open)));
    if (bridge.flows) return;
    bridge.flows = true;
    if (bridge.previous !== null) clock.after(BESIDE_MS, () => this.closePrevious(callId, bridge));
  }

  async addSound(callId: string): Promise<void> {
    const bridge = this.byCall.get(callId);
    if (bridge !== undefined) await this.startFlow(callId, bridge.generation, true);
  }

  isCurrent(callId: string, generation: number): boolean {
    return this.byCall.get(callId)?.generation === generation;
  }

  close_(callId: string): void {
    const bridge = this.byCall.get(callId);
    if (bridge === undefined) return;
    this.byCall.delete(callId);
    this.closePrevious(callId, bridge);
    this.closeAt(callId, bridge);
  }

  /** The call's joining as another home can go on with it; null where it does not flow, or is about to change. */
  flowing(callId: string): BridgeLocation | null {
    const bridge = this.byCall.get(callId);
    if (bridge?.flows !== true || bridge.previous !== null) return null;
    const { generation, nodes, lines } = bridge;
    return { generation, nodes: [...nodes], lines: [lines[0], lines[1]] };
  }

  /** Another home has made this joining, and it flows. */
  adopt(callId: string, at: BridgeLocation): void {
    this.lastGeneration = Math.max(this.lastGeneration, at.generation);
    this.byCall.set(callId, { ...at, flows: true, previous: null });
  }

  /** The call is at home elsewhere, with its joining. */
  release(callId: string): void {
    this.byCall.delete(callId);
  }

  close(): void {
    for (const callId of [...this.byCall.keys()]) this.close_(callId);
  }

  private bridgeToReplace(callId: string, lines: readonly [string, string]): BridgedCall | null {
    const bridge = this.byCall.get(callId);
    if (bridge?.flows !== true) return null;
    const moved = lines.filter((lineId) => !bridge.lines.includes(lineId));
    // With both lines as they were, or both others, nothing would be won: the same way cannot be gone twice.
    if (moved.length !== 1) return null;
    this.closePrevious(callId, bridge);
    return bridge;
  }

  private closePrevious(callId: string, bridge: BridgedCall): void {
    if (bridge.previous === null) return;
    this.closeAt(callId, bridge.previous);
    bridge.previous = null;
  }

  private closeAt(callId: string, { generation, nodes }: BridgeLocation): void {
    for (const node of nodes) this.deps.host(node).closeBridge(callId, generation);
  }

  /** Grows over all homes that a call may have one after the other, whose clocks are about the same. */
  private nextGeneration(): number {
    this.lastGeneration = Math.max(this.lastGeneration + 1, this.deps.clock.now());
    return this.lastGeneration;
  }
}
