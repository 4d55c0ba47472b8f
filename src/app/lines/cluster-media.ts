import { placeFor } from '../../domain/placement';
import { DomainError } from '../../domain/error';
import type {
  CallMedia,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
  TransportOptions,
} from '../../protocol';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import type { MediaNode } from './media-node';
import type { MediaStats, MediaPlane, MediaPlaneEvents, OpenedLine } from './media-plane';
import type { BridgeLocation, LineAt } from '../cluster/contract';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import { CallBridges } from './call-bridges';
import { LineAudit } from '../reconciliation/lines';
import type { LineHost } from './line-host';
import { LocalHost, type HostedLine } from './local-media-host';
import { MovingLines } from './moving-lines';
import { remoteHost } from './remote-media-node';

export interface ClusterMediaDeps {
  readonly media: MediaNode;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
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
  private readonly remoteLines = new Map<string, LineAt>();
  /** When lines were placed on each node lately; its heartbeats may not count them yet. */
  private readonly placed = new Map<NodeAddress, readonly number[]>();
  private readonly moving: MovingLines;
  private readonly bridges: CallBridges;
  private readonly local: LocalHost;
  private readonly here: LineHost;
  private readonly audit: LineAudit;
  private readonly lineListeners: ((peerId: string, line: LineAt | null) => void)[] = [];
  private events: MediaPlaneEvents = {
    lineReady: () => undefined,
    lineLost: () => undefined,
    callBroken: () => undefined,
  };

  constructor(private readonly deps: ClusterMediaDeps) {
    const { membership, messenger, clock } = deps;
    this.moving = new MovingLines(clock, (peerId, line) =>
      this.host(line.node).closeLine(peerId, line.lineId),
    );
    this.bridges = new CallBridges({
      clock,
      host: (node) => this.host(node),
      readyLine: (peerId) => this.readyLine(peerId),
    });
    this.local = new LocalHost({ ...deps, lineLost: (peerId, lineId) => this.lost(peerId, lineId) });
    this.here = this.local.for(messenger.self);
    this.audit = new LineAudit({
      ...deps,
      hosted: () => this.local.hosted(),
      knows: (peerId, lineId) => this.own.get(peerId)?.lineId === lineId || this.moving.has(peerId, lineId),
      close: (peerId, lineId) => this.local.closeLine(peerId, lineId),
    });
    messenger.onNotification('line_lost', ({ peerId, lineId }) => this.lost(peerId, lineId));
    messenger.onNotification('bridge_broken', ({ callId, generation }) => {
      if (this.bridges.isCurrent(callId, generation)) this.events.callBroken(callId);
    });
    membership.on({ died: (node) => this.nodeDied(node) });
  }

  get routerRtpCapabilities(): RtpCapabilities {
    return this.deps.media.routerRtpCapabilities;
  }

  on(events: MediaPlaneEvents): void {
    this.events = events;
  }

  /** Hears of every change of the line of somebody seated here. */
  onLine(listener: (peerId: string, line: LineAt | null) => void): void {
    this.lineListeners.push(listener);
  }

  lineOf(peerId: string): LineAt | null {
    return this.own.get(peerId) ?? null;
  }

  /** The lines on this node, whoever's they are. */
  hosted(): readonly HostedLine[] {
    return this.local.hosted();
  }

  /** A line of theirs is moving to another node, or has just moved and the old one is still used. */
  isMoving(peerId: string): boolean {
    return this.moving.isMoving(peerId);
  }

  async openLine(
    peerId: string,
    rtpCapabilities: RtpCapabilities,
    maxKbps: number,
    makeBeforeBreak = false,
  ): Promise<OpenedLine> {
    const present = makeBeforeBreak ? this.own.get(peerId) : undefined;
    if (present === undefined) this.closeLine(peerId);
    const node = this.place();
    // A person has at most one line on a node, so there is no beside on the same one.
    if (node === present?.node) throw new DomainError('media_unavailable', 'no other node takes the line');
    const { router, ...opened } = await this.host(node).openLine(peerId, rtpCapabilities, maxKbps);
    const line: LineAt = { node, lineId: opened.lineId, router, ready: false };
    if (present !== undefined) {
      this.moving.come(peerId, line);
      return opened;
    }
    // Two requests of one person may cross; the later one to finish is the person's line.
    this.closeLine(peerId);
    this.set(peerId, line);
    return opened;
  }

  connect(peerId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void> {
    return this.at(peerId, lineId, (host) => host.connect(peerId, lineId, direction, dtls));
  }

  produce(
    peerId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string> {
    return this.at(peerId, lineId, (host) => host.produce(peerId, lineId, request));
  }

  unproduce(peerId: string, lineId: string, source: Source): void {
    this.host(this.line(peerId, lineId).node).unproduce(peerId, lineId, source);
  }

  limit(peerId: string, maxKbps: number): void {
    for (const line of [this.own.get(peerId), this.moving.comingOf(peerId)]) {
      if (line !== undefined) this.host(line.node).limit(peerId, maxKbps);
    }
  }

  async markReady(peerId: string, lineId: string): Promise<void> {
    const changed = await this.at(peerId, lineId, (host) => host.markReady(peerId, lineId));
    const line = this.own.get(peerId);
    const coming = this.moving.comingOf(peerId);
    if (coming?.lineId === lineId) {
      this.moving.arrive(peerId);
      if (line !== undefined) this.moving.retire(peerId, line);
      this.set(peerId, { ...coming, ready: true });
      this.events.lineReady(peerId);
      return;
    }
    if (line?.lineId !== lineId) return;
    // Said again without anything new, it changes nothing: nobody can make a partner's call join anew at will.
    if (!changed && line.ready) return;
    this.set(peerId, { ...line, ready: true });
    this.events.lineReady(peerId);
  }

  restartIce(
    peerId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']> {
    return this.at(peerId, lineId, (host) => host.restartIce(peerId, lineId, direction));
  }

  closeLine(peerId: string, lineId?: string): boolean {
    if (lineId === undefined) this.moving.closeAll(peerId);
    else if (this.moving.close(peerId, lineId)) return false;
    const line = this.own.get(peerId);
    if (line === undefined || (lineId !== undefined && line.lineId !== lineId)) return false;
    this.set(peerId, null);
    this.host(line.node).closeLine(peerId, line.lineId);
    return true;
  }

  isReady(peerId: string): boolean {
    return this.lineAt(peerId)?.ready === true;
  }

  lineOwners(): readonly string[] {
    return [...this.own.keys()];
  }

  /** Somebody was given a seat here and brings this line along; `claim` finds out whether it still is. */
  assume(peerId: string, line: LineAt): void {
    this.own.set(peerId, line);
  }

  /** Tells the node of an assumed line where its person is now. A line that is no more counts as lost. */
  async claim(peerId: string): Promise<void> {
    const line = this.own.get(peerId);
    if (line === undefined) return;
    const known =
      !this.deps.membership.isDead(line.node) &&
      (await this.host(line.node)
        .setGateway(peerId, line.lineId)
        .catch(() => false));
    if (known) return;
    this.host(line.node).closeLine(peerId, line.lineId);
    this.lost(peerId, line.lineId);
  }

  /** Somebody's seat is elsewhere from now on, with their line: it is nobody's here any more, and stays open. */
  leave(peerId: string): void {
    this.own.delete(peerId);
    this.moving.giveUp(peerId);
  }

  remoteLine(peerId: string): LineAt | null {
    return this.remoteLines.get(peerId) ?? null;
  }

  /** Where the line of a member is who is seated elsewhere. */
  setRemoteLine(peerId: string, line: LineAt | null): void {
    if (line === null) this.remoteLines.delete(peerId);
    else this.remoteLines.set(peerId, line);
  }

  async createBridge(
    callId: string,
    peerIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>> {
    try {
      return await this.bridges.create(callId, peerIds, sources);
    } catch (error) {
      // A line may be gone without a word from its node; asked about it, it is found or made anew.
      if (error instanceof DomainError && error.code === 'line_missing') {
        for (const peerId of peerIds) void this.claim(peerId);
      }
      throw error;
    }
  }

  startFlow(callId: string, generation: number, open: boolean): Promise<void> {
    return this.bridges.startFlow(callId, generation, open);
  }

  addSound(callId: string): Promise<void> {
    return this.bridges.addSound(callId);
  }

  closeBridge(callId: string): void {
    this.bridges.close_(callId);
  }

  /** The joining of a call as another home can go on with it; null where that is not so simple at this moment. */
  flowingBridge(callId: string): BridgeLocation | null {
    return this.bridges.flowing(callId);
  }

  /** This node is the home of a call that flows as another home has joined it. */
  adoptBridge(callId: string, at: BridgeLocation): void {
    this.bridges.adopt(callId, at);
  }

  releaseBridge(callId: string): void {
    this.bridges.release(callId);
  }

  stats(): MediaStats {
    return this.deps.media.stats();
  }

  async close(): Promise<void> {
    this.audit.close();
    this.bridges.close();
    for (const peerId of [...this.own.keys()]) this.closeLine(peerId);
    await this.deps.media.close();
  }

  private place(): NodeAddress {
    const { membership, region, messenger, clock } = this.deps;
    const now = clock.now();
    const places = membership.all().map((participant) => {
      const { address, heardAt, lines } = participant;
      const since = (this.placed.get(address) ?? []).filter((at) => at >= heardAt);
      this.placed.set(address, since);
      return { ...participant, lines: lines + since.length };
    });
    const node = placeFor(places, region, messenger.self);
    if (node === undefined) throw new DomainError('media_unavailable', 'no node takes lines now', 1000);
    // This node's own count is of this moment; others are counted on until they tell of it.
    if (node !== messenger.self) this.placed.set(node, [...(this.placed.get(node) ?? []), now]);
    return node;
  }

  private host(node: NodeAddress): LineHost {
    return node === this.deps.messenger.self ? this.here : remoteHost(this.deps.messenger, node);
  }

  private at<T>(peerId: string, lineId: string, task: (host: LineHost) => Promise<T>): Promise<T> {
    return task(this.host(this.line(peerId, lineId).node));
  }

  private line(peerId: string, lineId: string): LineAt {
    const line = [this.own.get(peerId), this.moving.comingOf(peerId)].find((one) => one?.lineId === lineId);
    if (line === undefined) throw new DomainError('line_missing', 'there is no such line');
    return line;
  }

  private lineAt(peerId: string): LineAt | undefined {
    return this.own.get(peerId) ?? this.remoteLines.get(peerId);
  }

  private readyLine(peerId: string): LineAt {
    const line = this.lineAt(peerId);
    if (line?.ready !== true) throw new DomainError('line_missing', 'a line is not ready');
    return line;
  }

  private set(peerId: string, line: LineAt | null): void {
    if (line === null) this.own.delete(peerId);
    else this.own.set(peerId, line);
    for (const listener of this.lineListeners) listener(peerId, line);
  }

  private lost(peerId: string, lineId: string): void {
    this.moving.lost(peerId, lineId);
    if (this.own.get(peerId)?.lineId !== lineId) return;
    this.set(peerId, null);
    this.events.lineLost(peerId, lineId);
  }

  private nodeDied(node: NodeAddress): void {
    this.placed.delete(node);
    this.moving.nodeDied(node);
    for (const [peerId, line] of [...this.own]) {
      if (line.node !== node) continue;
      // Should it only have stood still, it hears this when it goes on, and does not keep a line of nobody's.
      this.host(node).closeLine(peerId, line.lineId);
      this.lost(peerId, line.lineId);
    }
    for (const [peerId, line] of [...this.remoteLines]) {
      if (line.node !== node) continue;
      this.remoteLines.delete(peerId);
      this.events.lineLost(peerId, line.lineId);
    }
  }
}
