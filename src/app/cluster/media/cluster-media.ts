import { placeFor } from '../../../domain/placement';
import { Refusal } from '../../../domain/refusal';
import type {
  CallMedia,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
  TransportOptions,
} from '../../../protocol';
import type { NodeAddress } from '../../ports/bus';
import type { Clock } from '../../ports/clock';
import type { MediaNode } from '../../ports/media-node';
import type { MediaCensus, MediaPlane, MediaPlaneEvents, OpenedLine } from '../../ports/media-plane';
import type { LineAt } from '../contract';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';
import type { LineHost } from './line-host';
import { LocalHost } from './local-host';
import { remoteHost } from './remote-host';

export interface ClusterMediaDeps {
  readonly media: MediaNode;
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly clock: Clock;
  readonly region: string;
}

/** A call whose media was asked for, and the nodes that have a part in it. */
interface JoinedCall {
  readonly generation: number;
  readonly nodes: readonly NodeAddress[];
}

/**
 * The media plane over all nodes: lines of the people seated here, wherever they were placed, and the joinings of the
 * calls at home here, wherever their lines are. With one node it is that node.
 *
 * Cascade of `close()`: this node's own media.
 */
export class ClusterMedia implements MediaPlane {
  /** Of people seated here. */
  private readonly own = new Map<string, LineAt>();
  /** Of people seated elsewhere, whose calls are at home here. */
  private readonly delegates = new Map<string, LineAt>();
  private readonly joined = new Map<string, JoinedCall>();
  /** Lines on their way to a node, which its heartbeats do not count yet. */
  private readonly onTheirWay = new Map<NodeAddress, number>();
  private readonly local: LocalHost;
  private readonly here: LineHost;
  private readonly lineListeners: ((personId: string, line: LineAt | null) => void)[] = [];
  private events: MediaPlaneEvents = { lineReady: () => undefined, lineLost: () => undefined };
  private lastGeneration = 0;

  constructor(private readonly deps: ClusterMediaDeps) {
    const { members, switchboard } = deps;
    this.local = new LocalHost({ ...deps, lineLost: (personId, lineId) => this.lost(personId, lineId) });
    this.here = this.local.for(switchboard.self);
    switchboard.onTell('line_lost', ({ personId, lineId }) => this.lost(personId, lineId));
    members.on({ died: (node) => this.nodeDied(node) });
  }

  get routerRtpCapabilities(): RtpCapabilities {
    return this.deps.media.routerRtpCapabilities;
  }

  on(events: MediaPlaneEvents): void {
    this.events = events;
  }

  /** Hears of every change of the line of somebody seated here. */
  onLine(listener: (personId: string, line: LineAt | null) => void): void {
    this.lineListeners.push(listener);
  }

  lineOf(personId: string): LineAt | null {
    return this.own.get(personId) ?? null;
  }

  async openLine(personId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<OpenedLine> {
    this.closeLine(personId);
    const node = this.place();
    this.onTheirWay.set(node, (this.onTheirWay.get(node) ?? 0) + 1);
    const { router, ...opened } = await this.host(node)
      .openLine(personId, rtpCapabilities, maxKbps)
      .finally(() => this.arrived(node));
    // Two requests of one person may cross; the later one to finish is the person's line.
    this.closeLine(personId);
    this.set(personId, { node, lineId: opened.lineId, router, ready: false });
    return opened;
  }

  connect(personId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void> {
    return this.at(personId, lineId, (host) => host.connect(personId, lineId, direction, dtls));
  }

  produce(
    personId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string> {
    return this.at(personId, lineId, (host) => host.produce(personId, lineId, request));
  }

  unproduce(personId: string, lineId: string, source: Source): void {
    this.host(this.line(personId, lineId).node).unproduce(personId, lineId, source);
  }

  limit(personId: string, maxKbps: number): void {
    const line = this.own.get(personId);
    if (line !== undefined) this.host(line.node).limit(personId, maxKbps);
  }

  async markReady(personId: string, lineId: string): Promise<void> {
    const changed = await this.at(personId, lineId, (host) => host.markReady(personId, lineId));
    const line = this.own.get(personId);
    if (line?.lineId !== lineId) return;
    // Said again without anything new, it changes nothing: nobody can make a partner's call join anew at will.
    if (!changed && line.ready) return;
    this.set(personId, { ...line, ready: true });
    this.events.lineReady(personId);
  }

  restartIce(
    personId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']> {
    return this.at(personId, lineId, (host) => host.restartIce(personId, lineId, direction));
  }

  closeLine(personId: string, lineId?: string): boolean {
    const line = this.own.get(personId);
    if (line === undefined || (lineId !== undefined && line.lineId !== lineId)) return false;
    this.set(personId, null);
    this.host(line.node).closeLine(personId, line.lineId);
    return true;
  }

  isReady(personId: string): boolean {
    return this.lineAt(personId)?.ready === true;
  }

  lineOwners(): readonly string[] {
    return [...this.own.keys()];
  }

  /** Somebody was given a seat here and brings this line along; `claim` finds out whether it still is. */
  assume(personId: string, line: LineAt): void {
    this.own.set(personId, line);
  }

  /** Tells the node of an assumed line where its person is now. A line that is no more counts as lost. */
  async claim(personId: string): Promise<void> {
    const line = this.own.get(personId);
    if (line === undefined) return;
    const known =
      !this.deps.members.isDead(line.node) &&
      (await this.host(line.node)
        .seat(personId, line.lineId)
        .catch(() => false));
    if (known) return;
    this.host(line.node).closeLine(personId, line.lineId);
    this.lost(personId, line.lineId);
  }

  /** Somebody's seat is elsewhere from now on, with their line: it is nobody's here any more, and stays open. */
  leave(personId: string): void {
    this.own.delete(personId);
  }

  delegateLine(personId: string): LineAt | null {
    return this.delegates.get(personId) ?? null;
  }

  /** Where the line of a member is who is seated elsewhere. */
  noteDelegate(personId: string, line: LineAt | null): void {
    if (line === null) this.delegates.delete(personId);
    else this.delegates.set(personId, line);
  }

  async join(
    callId: string,
    personIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    this.part(callId);
    const [one, other] = [this.readyLine(personIds[0]), this.readyLine(personIds[1])];
    const generation = this.nextGeneration();
    const nodes = [...new Set([one.node, other.node])];
    const joined: JoinedCall = { generation, nodes };
    this.joined.set(callId, joined);
    // Always the same one of two nodes makes the pipe between them, so that none is made twice.
    const isFirst = one.node <= other.node;
    const [first, second] = isFirst ? [one, other] : [other, one];
    const ids: [string, string] = isFirst ? [personIds[0], personIds[1]] : [personIds[1], personIds[0]];
    const across = nodes.length === 1 ? null : { node: second.node, router: second.router };
    try {
      const media = await this.host(first.node).join({ callId, generation, sources }, ids, across);
      if (this.joined.get(callId) === joined) return media;
    } catch (error) {
      if (this.joined.get(callId) === joined) this.part(callId);
      throw error;
    }
    throw new Refusal('line_missing', 'the joining was given up while it was made');
  }

  async start(callId: string, generation: number, open: boolean): Promise<void> {
    const joined = this.joined.get(callId);
    if (joined?.generation !== generation) return;
    // On all nodes the way is open before anybody sends: the one key frame request then goes all the way.
    await Promise.all(joined.nodes.map((node) => this.host(node).openWay(callId, generation, open)));
    if (this.joined.get(callId) !== joined) return;
    await Promise.all(joined.nodes.map((node) => this.host(node).letFlow(callId, generation, open)));
  }

  async open(callId: string): Promise<void> {
    const joined = this.joined.get(callId);
    if (joined !== undefined) await this.start(callId, joined.generation, true);
  }

  part(callId: string): void {
    const joined = this.joined.get(callId);
    if (joined === undefined) return;
    this.joined.delete(callId);
    for (const node of joined.nodes) this.host(node).part(callId, joined.generation);
  }

  census(): MediaCensus {
    return this.deps.media.census();
  }

  async close(): Promise<void> {
    for (const callId of [...this.joined.keys()]) this.part(callId);
    for (const personId of [...this.own.keys()]) this.closeLine(personId);
    await this.deps.media.close();
  }

  private place(): NodeAddress {
    const { members, region, switchboard } = this.deps;
    const places = members.all().map((member) => ({
      ...member,
      lines: member.lines + (this.onTheirWay.get(member.address) ?? 0),
    }));
    const node = placeFor(places, region, switchboard.self);
    if (node === undefined) throw new Refusal('media_unavailable', 'no node takes lines now', 1000);
    return node;
  }

  private arrived(node: NodeAddress): void {
    const left = (this.onTheirWay.get(node) ?? 0) - 1;
    if (left > 0) this.onTheirWay.set(node, left);
    else this.onTheirWay.delete(node);
  }

  private host(node: NodeAddress): LineHost {
    return node === this.deps.switchboard.self ? this.here : remoteHost(this.deps.switchboard, node);
  }

  private at<T>(personId: string, lineId: string, task: (host: LineHost) => Promise<T>): Promise<T> {
    return task(this.host(this.line(personId, lineId).node));
  }

  private line(personId: string, lineId: string): LineAt {
    const line = this.own.get(personId);
    if (line?.lineId !== lineId) throw new Refusal('line_missing', 'there is no such line');
    return line;
  }

  private lineAt(personId: string): LineAt | undefined {
    return this.own.get(personId) ?? this.delegates.get(personId);
  }

  private readyLine(personId: string): LineAt {
    const line = this.lineAt(personId);
    if (line?.ready !== true) throw new Refusal('line_missing', 'a line is not ready');
    return line;
  }

  private set(personId: string, line: LineAt | null): void {
    if (line === null) this.own.delete(personId);
    else this.own.set(personId, line);
    for (const listener of this.lineListeners) listener(personId, line);
  }

  private lost(personId: string, lineId: string): void {
    if (this.own.get(personId)?.lineId !== lineId) return;
    this.set(personId, null);
    this.events.lineLost(personId, lineId);
  }

  private nodeDied(node: NodeAddress): void {
    for (const [personId, line] of [...this.own]) {
      if (line.node !== node) continue;
      // Should it only have stood still, it hears this when it goes on, and does not keep a line of nobody's.
      this.host(node).closeLine(personId, line.lineId);
      this.lost(personId, line.lineId);
    }
    for (const [personId, line] of [...this.delegates]) {
      if (line.node !== node) continue;
      this.delegates.delete(personId);
      this.events.lineLost(personId, line.lineId);
    }
  }

  /** Grows over all homes that a call may have one after the other, whose clocks are about the same. */
  private nextGeneration(): number {
    this.lastGeneration = Math.max(this.lastGeneration + 1, this.deps.clock.now());
    return this.lastGeneration;
  }
}
