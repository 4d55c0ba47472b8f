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
import type { JoinedAt, LineAt } from '../contract';
import type { Members } from '../members';
import type { Switchboard } from '../switchboard';
import { CallJoins } from './call-joins';
import { LineAudit } from './line-audit';
import type { LineHost } from './line-host';
import { LocalHost, type HostedLine } from './local-host';
import { MovingLines } from './moving-lines';
import { remoteHost } from './remote-host';

export interface ClusterMediaDeps {
  readonly media: MediaNode;
  readonly switchboard: Switchboard;
  readonly members: Members;
  readonly clock: Clock;
  readonly region: string;
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
  /** When lines were placed on each node lately; its heartbeats may not count them yet. */
  private readonly placed = new Map<NodeAddress, readonly number[]>();
  private readonly moving: MovingLines;
  private readonly joins: CallJoins;
  private readonly local: LocalHost;
  private readonly here: LineHost;
  private readonly audit: LineAudit;
  private readonly lineListeners: ((personId: string, line: LineAt | null) => void)[] = [];
  private events: MediaPlaneEvents = {
    lineReady: () => undefined,
    lineLost: () => undefined,
    callBroken: () => undefined,
  };

  constructor(private readonly deps: ClusterMediaDeps) {
    const { members, switchboard, clock } = deps;
    this.moving = new MovingLines(clock, (personId, line) =>
      this.host(line.node).closeLine(personId, line.lineId),
    );
    this.joins = new CallJoins({
      clock,
      host: (node) => this.host(node),
      readyLine: (personId) => this.readyLine(personId),
    });
    this.local = new LocalHost({ ...deps, lineLost: (personId, lineId) => this.lost(personId, lineId) });
    this.here = this.local.for(switchboard.self);
    this.audit = new LineAudit({
      ...deps,
      hosted: () => this.local.hosted(),
      knows: (personId, lineId) =>
        this.own.get(personId)?.lineId === lineId || this.moving.has(personId, lineId),
      close: (personId, lineId) => this.local.closeLine(personId, lineId),
    });
    switchboard.onTell('line_lost', ({ personId, lineId }) => this.lost(personId, lineId));
    switchboard.onTell('call_broken', ({ callId, generation }) => {
      if (this.joins.isCurrent(callId, generation)) this.events.callBroken(callId);
    });
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

  /** The lines on this node, whoever's they are. */
  hosted(): readonly HostedLine[] {
    return this.local.hosted();
  }

  /** A line of theirs is moving to another node, or has just moved and the old one is still used. */
  isMoving(personId: string): boolean {
    return this.moving.isMoving(personId);
  }

  async openLine(
    personId: string,
    rtpCapabilities: RtpCapabilities,
    maxKbps: number,
    beside = false,
  ): Promise<OpenedLine> {
    const present = beside ? this.own.get(personId) : undefined;
    if (present === undefined) this.closeLine(personId);
    const node = this.place();
    // A person has at most one line on a node, so there is no beside on the same one.
    if (node === present?.node) throw new Refusal('media_unavailable', 'no other node takes the line');
    const { router, ...opened } = await this.host(node).openLine(personId, rtpCapabilities, maxKbps);
    const line: LineAt = { node, lineId: opened.lineId, router, ready: false };
    if (present !== undefined) {
      this.moving.come(personId, line);
      return opened;
    }
    // Two requests of one person may cross; the later one to finish is the person's line.
    this.closeLine(personId);
    this.set(personId, line);
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
    for (const line of [this.own.get(personId), this.moving.comingOf(personId)]) {
      if (line !== undefined) this.host(line.node).limit(personId, maxKbps);
    }
  }

  async markReady(personId: string, lineId: string): Promise<void> {
    const changed = await this.at(personId, lineId, (host) => host.markReady(personId, lineId));
    const line = this.own.get(personId);
    const coming = this.moving.comingOf(personId);
    if (coming?.lineId === lineId) {
      this.moving.arrive(personId);
      if (line !== undefined) this.moving.retire(personId, line);
      this.set(personId, { ...coming, ready: true });
      this.events.lineReady(personId);
      return;
    }
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
    if (lineId === undefined) this.moving.closeAll(personId);
    else if (this.moving.close(personId, lineId)) return false;
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
    this.moving.giveUp(personId);
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
    try {
      return await this.joins.join(callId, personIds, sources);
    } catch (error) {
      // A line may be gone without a word from its node; asked about it, it is found or made anew.
      if (error instanceof Refusal && error.code === 'line_missing') {
        for (const personId of personIds) void this.claim(personId);
      }
      throw error;
    }
  }

  start(callId: string, generation: number, open: boolean): Promise<void> {
    return this.joins.start(callId, generation, open);
  }

  open(callId: string): Promise<void> {
    return this.joins.open(callId);
  }

  part(callId: string): void {
    this.joins.part(callId);
  }

  /** The joining of a call as another home can go on with it; null where that is not so simple at this moment. */
  flowing(callId: string): JoinedAt | null {
    return this.joins.flowing(callId);
  }

  /** This node is the home of a call that flows as another home has joined it. */
  carryOn(callId: string, at: JoinedAt): void {
    this.joins.carryOn(callId, at);
  }

  release(callId: string): void {
    this.joins.release(callId);
  }

  census(): MediaCensus {
    return this.deps.media.census();
  }

  async close(): Promise<void> {
    this.audit.close();
    this.joins.close();
    for (const personId of [...this.own.keys()]) this.closeLine(personId);
    await this.deps.media.close();
  }

  private place(): NodeAddress {
    const { members, region, switchboard, clock } = this.deps;
    const now = clock.now();
    const places = members.all().map((member) => {
      const { address, heardAt, lines } = member;
      const since = (this.placed.get(address) ?? []).filter((at) => at >= heardAt);
      this.placed.set(address, since);
      return { ...member, lines: lines + since.length };
    });
    const node = placeFor(places, region, switchboard.self);
    if (node === undefined) throw new Refusal('media_unavailable', 'no node takes lines now', 1000);
    // This node's own count is of this moment; others are counted on until they tell of it.
    if (node !== switchboard.self) this.placed.set(node, [...(this.placed.get(node) ?? []), now]);
    return node;
  }

  private host(node: NodeAddress): LineHost {
    return node === this.deps.switchboard.self ? this.here : remoteHost(this.deps.switchboard, node);
  }

  private at<T>(personId: string, lineId: string, task: (host: LineHost) => Promise<T>): Promise<T> {
    return task(this.host(this.line(personId, lineId).node));
  }

  private line(personId: string, lineId: string): LineAt {
    const line = [this.own.get(personId), this.moving.comingOf(personId)].find(
      (one) => one?.lineId === lineId,
    );
    if (line === undefined) throw new Refusal('line_missing', 'there is no such line');
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
    this.moving.lost(personId, lineId);
    if (this.own.get(personId)?.lineId !== lineId) return;
    this.set(personId, null);
    this.events.lineLost(personId, lineId);
  }

  private nodeDied(node: NodeAddress): void {
    this.placed.delete(node);
    this.moving.nodeDied(node);
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
}
