import { DomainError } from '../../domain/error';
import type {
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
  TransportOptions,
} from '../../protocol';
import type { Membership } from '../cluster/membership';
import type { NodeMessenger } from '../cluster/node-messenger';
import type { NodeAddress } from '../ports/bus';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { LineLocation } from './line-location';
import type { LinePlacement } from './line-placement';
import type { MediaNode, OpenedLine } from './media-node';
import { lineLost } from './messages';
import { MovingLines } from './moving-lines';

export interface LineEvents {
  /** The line of a peer whose gateway is here has changed in any way. Null: the peer has no line any more. */
  changed(peerId: string, line: LineLocation | null): void;
  /** The peer's line can be bridged from now on. */
  ready(peerId: string): void;
  /** The line is gone and the peer did not close it: its worker, its transport or its node died. */
  lost(peerId: string, lineId: string): void;
}

export interface LineDirectoryDeps {
  /** The media of a node, of this one too. */
  readonly nodes: (address: NodeAddress) => MediaNode;
  readonly placement: LinePlacement;
  readonly messenger: NodeMessenger;
  readonly membership: Membership;
  readonly clock: Clock;
}

export interface NewLine {
  readonly rtpCapabilities: RtpCapabilities;
  /** The most the peer may send (V3). */
  readonly maxKbps: number;
  /** The present line stays open until the new one is ready and takes its place (V9). */
  readonly makeBeforeBreak?: boolean;
}

/**
 * Knows which line a peer has and on which node: for peers whose gateway is here, and for remote participants of
 * calls that are owned here. A peer has one line, and for a moment two while it moves. Methods that fail throw a
 * `DomainError` (`line_missing`, `line_refused`, `media_unavailable`, `node_unreachable`).
 */
export class LineDirectory implements EventSource<LineEvents> {
  /** Of peers whose gateway is here. */
  private readonly own = new Map<string, LineLocation>();
  /** Of peers whose gateway is another node, and whose call is owned here. */
  private readonly remote = new Map<string, LineLocation>();
  private readonly moving: MovingLines;
  private readonly events = new EventEmitter<LineEvents>();

  constructor(private readonly deps: LineDirectoryDeps) {
    const { messenger, membership, clock } = deps;
    this.moving = new MovingLines(clock, (peerId, { node, lineId }) =>
      deps.nodes(node).closeLine({ peerId, lineId }),
    );
    messenger.onNotification(lineLost, ({ peerId, lineId }) => this.lost(peerId, lineId));
    membership.on({ died: (node) => this.nodeDied(node) });
  }

  on(listener: Partial<LineEvents>): void {
    this.events.on(listener);
  }

  lineOf(peerId: string): LineLocation | null {
    return this.own.get(peerId) ?? null;
  }

  isReady(peerId: string): boolean {
    return this.locate(peerId)?.ready === true;
  }

  /** Throws `DomainError('line_missing')` where the peer has no line that calls may use. */
  readyLine(peerId: string): LineLocation {
    const line = this.locate(peerId);
    if (line?.ready !== true) throw new DomainError('line_missing', 'a line is not ready');
    return line;
  }

  /** Whether the peer's line is moving to another node, or has just moved and the old line is still used. */
  isMoving(peerId: string): boolean {
    return this.moving.isMoving(peerId);
  }

  /** Whether this is a line of a peer whose gateway is here. */
  knows(peerId: string, lineId: string): boolean {
    return this.own.get(peerId)?.lineId === lineId || this.moving.has(peerId, lineId);
  }

  /** Peers whose gateway is here and who have a line. */
  owners(): readonly string[] {
    return [...this.own.keys()];
  }

  /** Makes a line on the least loaded node. The peer's earlier line is closed first, unless `makeBeforeBreak`. */
  async open(
    peerId: string,
    { rtpCapabilities, maxKbps, makeBeforeBreak = false }: NewLine,
  ): Promise<Omit<OpenedLine, 'router'>> {
    const { placement, nodes, messenger } = this.deps;
    const present = makeBeforeBreak ? this.own.get(peerId) : undefined;
    if (present === undefined) this.close(peerId);
    const request = { peerId, gateway: messenger.self, rtpCapabilities, maxKbps };
    const { node, router, ...opened } = await placement.place(async (node) => {
      // A peer has at most one line on a node, so a second one cannot be made beside it on the same node.
      if (node === present?.node) throw new DomainError('media_unavailable', 'no other node takes the line');
      return { node, ...(await nodes(node).openLine(request)) };
    });
    const line: LineLocation = { node, lineId: opened.lineId, router, ready: false };
    if (present !== undefined) {
      this.moving.come(peerId, line);
      return opened;
    }
    // Two requests of one peer may run at the same time. The line that is made last becomes the peer's line.
    this.close(peerId);
    this.set(peerId, line);
    return opened;
  }

  async connect(
    peerId: string,
    lineId: string,
    direction: Direction,
    dtlsParameters: DtlsParameters,
  ): Promise<void> {
    await this.nodeOf(peerId, lineId).connect({ peerId, lineId, direction, dtlsParameters });
  }

  /** Adds a producer, paused. A line has one of each source; a second one of the same source replaces it. */
  async produce(
    peerId: string,
    lineId: string,
    producer: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string> {
    return (await this.nodeOf(peerId, lineId).produce({ peerId, lineId, ...producer })).producerId;
  }

  unproduce(peerId: string, lineId: string, source: Source): void {
    this.nodeOf(peerId, lineId).unproduce({ peerId, lineId, source });
  }

  /** Changes the most the peer may send. Ignored when the peer has no line. */
  limit(peerId: string, maxKbps: number): void {
    for (const line of [this.own.get(peerId), this.moving.comingOf(peerId)]) {
      if (line !== undefined) this.deps.nodes(line.node).limit({ peerId, maxKbps });
    }
  }

  async markReady(peerId: string, lineId: string): Promise<void> {
    const { changed } = await this.nodeOf(peerId, lineId).markReady({ peerId, lineId });
    const line = this.own.get(peerId);
    const coming = this.moving.comingOf(peerId);
    if (coming?.lineId === lineId) {
      this.moving.arrive(peerId);
      if (line !== undefined) this.moving.retire(peerId, line);
      this.set(peerId, { ...coming, ready: true });
      this.events.emit((listener) => listener.ready?.(peerId));
      return;
    }
    if (line?.lineId !== lineId) return;
    // Repeated without a change it does nothing. Otherwise a client could have its call bridged again at will.
    if (!changed && line.ready) return;
    this.set(peerId, { ...line, ready: true });
    this.events.emit((listener) => listener.ready?.(peerId));
  }

  async restartIce(
    peerId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']> {
    return (await this.nodeOf(peerId, lineId).restartIce({ peerId, lineId, direction })).iceParameters;
  }

  /** Closes the peer's line. `false` when the peer has no such line. Without a line id, closes whichever it is. */
  close(peerId: string, lineId?: string): boolean {
    if (lineId === undefined) this.moving.closeAll(peerId);
    else if (this.moving.close(peerId, lineId)) return false;
    const line = this.own.get(peerId);
    if (line === undefined || (lineId !== undefined && line.lineId !== lineId)) return false;
    this.set(peerId, null);
    this.deps.nodes(line.node).closeLine({ peerId, lineId: line.lineId });
    return true;
  }

  /** The peer's gateway is here from now on, and this is their line. `claim` finds out whether it still exists. */
  assume(peerId: string, line: LineLocation): void {
    this.own.set(peerId, line);
  }

  /** Tells the node of an assumed line that the peer's gateway is here. A line that does not exist counts as lost. */
  async claim(peerId: string): Promise<void> {
    const { membership, nodes, messenger } = this.deps;
    const line = this.own.get(peerId);
    if (line === undefined) return;
    const { node, lineId } = line;
    const claimed =
      membership.stateOf(node) === 'dead'
        ? { known: false }
        : await nodes(node)
            .setGateway({ peerId, lineId, gateway: messenger.self })
            .catch(() => ({ known: false }));
    if (claimed.known) return;
    nodes(node).closeLine({ peerId, lineId });
    this.lost(peerId, lineId);
  }

  /** The peer's gateway is another node from now on. The line stays open and is no longer known here. */
  handOver(peerId: string): void {
    this.own.delete(peerId);
    this.moving.giveUp(peerId);
  }

  remoteLine(peerId: string): LineLocation | null {
    return this.remote.get(peerId) ?? null;
  }

  /** Where the line of a participant is whose gateway is another node. */
  setRemoteLine(peerId: string, line: LineLocation | null): void {
    if (line === null) this.remote.delete(peerId);
    else this.remote.set(peerId, line);
  }

  /** Closes the lines of all peers whose gateway is here. */
  closeAll(): void {
    for (const peerId of [...this.own.keys()]) this.close(peerId);
  }

  private nodeOf(peerId: string, lineId: string): MediaNode {
    const line = [this.own.get(peerId), this.moving.comingOf(peerId)].find((one) => one?.lineId === lineId);
    if (line === undefined) throw new DomainError('line_missing', 'there is no such line');
    return this.deps.nodes(line.node);
  }

  private locate(peerId: string): LineLocation | undefined {
    return this.own.get(peerId) ?? this.remote.get(peerId);
  }

  private set(peerId: string, line: LineLocation | null): void {
    if (line === null) this.own.delete(peerId);
    else this.own.set(peerId, line);
    this.events.emit((listener) => listener.changed?.(peerId, line));
  }

  private lost(peerId: string, lineId: string): void {
    this.moving.lost(peerId, lineId);
    if (this.own.get(peerId)?.lineId !== lineId) return;
    this.set(peerId, null);
    this.events.emit((listener) => listener.lost?.(peerId, lineId));
  }

  private nodeDied(node: NodeAddress): void {
    this.moving.nodeDied(node);
    for (const [peerId, { lineId, node: at }] of [...this.own]) {
      if (at !== node) continue;
      // If that node was only suspended, it reads this when it goes on, and does not keep the line.
      this.deps.nodes(node).closeLine({ peerId, lineId });
      this.lost(peerId, lineId);
    }
    for (const [peerId, { lineId, node: at }] of [...this.remote]) {
      if (at !== node) continue;
      this.remote.delete(peerId);
      this.events.emit((listener) => listener.lost?.(peerId, lineId));
    }
  }
}
