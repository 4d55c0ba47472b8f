import { DomainError } from '../../domain/error';
import { takeToken } from '../../domain/token-bucket';
import type { ClientData, ClientReply } from '../../protocol';
import { LINE_LIMIT, type Peer } from '../peers/peer';
import type { PeerRegistry } from '../peers/peer-registry';
import type { Clock } from '../ports/clock';
import { EventEmitter, type EventSource } from '../ports/event-emitter';
import type { LineDirectory } from './line-directory';

export interface LineRequestEvents {
  /** The peer's line was closed by their own request: by `line_close`, or by a new line that replaces it. */
  closed(peer: Peer): void;
}

export interface LineRequestsDeps {
  readonly peers: PeerRegistry;
  readonly lines: LineDirectory;
  readonly clock: Clock;
}

/** The requests of clients about their own lines (V1). */
export class LineRequests implements EventSource<LineRequestEvents> {
  private readonly events = new EventEmitter<LineRequestEvents>();

  constructor(private readonly deps: LineRequestsDeps) {}

  on(listener: Partial<LineRequestEvents>): void {
    this.events.on(listener);
  }

  async open(
    peer: Peer,
    { rtpCapabilities, makeBeforeBreak }: ClientData<'line_open'>,
  ): Promise<ClientReply<'line_open'>> {
    const { lines, peers, clock } = this.deps;
    const { bucket, waitMs } = takeToken(peer.lineBucket, LINE_LIMIT, clock.elapsed());
    peer.lineBucket = bucket;
    if (waitMs > 0) throw new DomainError('rate_limited', 'too many new lines', waitMs);
    const { maxKbps } = peer.allowance.plan(clock.now());
    const line = await lines.open(peer.id, { rtpCapabilities, maxKbps, makeBeforeBreak }).finally(() => {
      // The earlier line is closed, even if the new one could not be made. A call that used it has to wait.
      if (!makeBeforeBreak) this.closed(peer);
    });
    if (peers.get(peer.id) === peer) return line;
    // The peer left while the line was made, so nothing else would close it.
    lines.close(peer.id, line.lineId);
    throw new DomainError('line_missing', 'the peer has left');
  }

  async connect(
    peer: Peer,
    { lineId, direction, dtlsParameters }: ClientData<'line_connect'>,
  ): Promise<void> {
    await this.deps.lines.connect(peer.id, lineId, direction, dtlsParameters);
  }

  async produce(
    peer: Peer,
    { lineId, source, kind, rtpParameters }: ClientData<'line_produce'>,
  ): Promise<ClientReply<'line_produce'>> {
    return { producerId: await this.deps.lines.produce(peer.id, lineId, { source, kind, rtpParameters }) };
  }

  unproduce(peer: Peer, { lineId, source }: ClientData<'line_unproduce'>): void {
    this.deps.lines.unproduce(peer.id, lineId, source);
  }

  async ready(peer: Peer, { lineId }: ClientData<'line_ready'>): Promise<void> {
    await this.deps.lines.markReady(peer.id, lineId);
  }

  async restartIce(
    peer: Peer,
    { lineId, direction }: ClientData<'line_restart_ice'>,
  ): Promise<ClientReply<'line_restart_ice'>> {
    return { iceParameters: await this.deps.lines.restartIce(peer.id, lineId, direction) };
  }

  close(peer: Peer, { lineId }: ClientData<'line_close'>): void {
    if (this.deps.lines.close(peer.id, lineId)) this.closed(peer);
  }

  private closed(peer: Peer): void {
    this.events.emit((listener) => listener.closed?.(peer));
  }
}
