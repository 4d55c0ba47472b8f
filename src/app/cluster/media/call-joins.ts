import { Refusal } from '../../../domain/refusal';
import type { CallMedia, Source } from '../../../protocol';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { JoinedAt, LineAt } from '../contract';
import type { LineHost } from './line-host';

/** How long a joining goes on beside the one that has taken its place: until that one's first picture is seen. */
const BESIDE_MS = 2_000;

/** A call whose media was asked for, and the nodes that have a part in it. */
interface JoinedCall extends JoinedAt {
  flows: boolean;
  /** The joining it takes the place of, which goes on until this one flows. */
  before: JoinedAt | null;
}

export interface CallJoinsDeps {
  readonly clock: Clock;
  readonly host: (node: NodeAddress) => LineHost;
  /** Throws `Refusal` where the person has no line that calls may join. */
  readonly readyLine: (personId: string) => LineAt;
}

/** The joinings of the calls that are at home here, wherever their lines are. */
export class CallJoins {
  private readonly joined = new Map<string, JoinedCall>();
  private lastGeneration = 0;

  constructor(private readonly deps: CallJoinsDeps) {}

  /**
   * What the call had is closed first; but where it flows and one of the two lines has moved, it goes on until the new
   * joining flows, so that no picture stands still.
   */
  async join(
    callId: string,
    personIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    const { readyLine, host } = this.deps;
    const [one, other] = [readyLine(personIds[0]), readyLine(personIds[1])];
    const before = this.besideWhat(callId, [one.lineId, other.lineId]);
    if (before === null) this.part(callId);
    const generation = this.nextGeneration();
    const nodes = [...new Set([one.node, other.node])];
    const lines: [string, string] = [one.lineId, other.lineId];
    const joined: JoinedCall = { generation, nodes, lines, flows: false, before };
    this.joined.set(callId, joined);
    // Always the same one of two nodes makes the pipe between them, so that none is made twice.
    const isFirst = one.node <= other.node;
    const [first, second] = isFirst ? [one, other] : [other, one];
    const ids: [string, string] = isFirst ? [personIds[0], personIds[1]] : [personIds[1], personIds[0]];
    const across = nodes.length === 1 ? null : { node: second.node, router: second.router };
    const request = { callId, generation, sources, beside: before !== null };
    try {
      const media = await host(first.node).join(request, ids, across);
      if (this.joined.get(callId) === joined) return media;
    } catch (error) {
      if (this.joined.get(callId) === joined) this.part(callId);
      throw error;
    }
    throw new Refusal('line_missing', 'the joining was given up while it was made');
  }

  async start(callId: string, generation: number, open: boolean): Promise<void> {
    const { host, clock } = this.deps;
    const joined = this.joined.get(callId);
    if (joined?.generation !== generation) return;
    // On all nodes the way is open before anybody sends: the one key frame request then goes all the way.
    await Promise.all(joined.nodes.map((node) => host(node).openWay(callId, generation, open)));
    if (this.joined.get(callId) !== joined) return;
    await Promise.all(joined.nodes.map((node) => host(node).letFlow(callId, generation, open)));
    if (joined.flows) return;
    joined.flows = true;
    if (joined.before !== null) clock.after(BESIDE_MS, () => this.partBefore(callId, joined));
  }

  async open(callId: string): Promise<void> {
    const joined = this.joined.get(callId);
    if (joined !== undefined) await this.start(callId, joined.generation, true);
  }

  isCurrent(callId: string, generation: number): boolean {
    return this.joined.get(callId)?.generation === generation;
  }

  part(callId: string): void {
    const joined = this.joined.get(callId);
    if (joined === undefined) return;
    this.joined.delete(callId);
    this.partBefore(callId, joined);
    this.partAt(callId, joined);
  }

  /** The call's joining as another home can go on with it; null where it does not flow, or is about to change. */
  flowing(callId: string): JoinedAt | null {
    const joined = this.joined.get(callId);
    if (joined?.flows !== true || joined.before !== null) return null;
    const { generation, nodes, lines } = joined;
    return { generation, nodes: [...nodes], lines: [lines[0], lines[1]] };
  }

  /** Another home has made this joining, and it flows. */
  carryOn(callId: string, at: JoinedAt): void {
    this.lastGeneration = Math.max(this.lastGeneration, at.generation);
    this.joined.set(callId, { ...at, flows: true, before: null });
  }

  /** The call is at home elsewhere, with its joining. */
  release(callId: string): void {
    this.joined.delete(callId);
  }

  close(): void {
    for (const callId of [...this.joined.keys()]) this.part(callId);
  }

  private besideWhat(callId: string, lines: readonly [string, string]): JoinedCall | null {
    const joined = this.joined.get(callId);
    if (joined?.flows !== true) return null;
    const moved = lines.filter((lineId) => !joined.lines.includes(lineId));
    // With both lines as they were, or both others, nothing would be won: the same way cannot be gone twice.
    if (moved.length !== 1) return null;
    this.partBefore(callId, joined);
    return joined;
  }

  private partBefore(callId: string, joined: JoinedCall): void {
    if (joined.before === null) return;
    this.partAt(callId, joined.before);
    joined.before = null;
  }

  private partAt(callId: string, { generation, nodes }: JoinedAt): void {
    for (const node of nodes) this.deps.host(node).part(callId, generation);
  }

  /** Grows over all homes that a call may have one after the other, whose clocks are about the same. */
  private nextGeneration(): number {
    this.lastGeneration = Math.max(this.lastGeneration + 1, this.deps.clock.now());
    return this.lastGeneration;
  }
}
