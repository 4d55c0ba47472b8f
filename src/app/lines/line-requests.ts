import { takeToken } from '../../domain/token-bucket';
import { DomainError } from '../../domain/error';
import type { ClientData, ClientReply } from '../../protocol';
import type { MediaNegotiation } from '../calls/media-negotiation';
import type { Calls } from '../calls/calls';
import type { PeerRegistry } from '../peers/peer-registry';
import { LINE_LIMIT, type Peer } from '../peers/peer';
import type { Clock } from '../ports/clock';
import type { MediaPlane } from './media-plane';

/** A person's line, from their own requests; keeps the call they are in informed of it. */
export class Lines {
  constructor(
    private readonly peers: PeerRegistry,
    private readonly media: MediaPlane,
    private readonly calls: Calls,
    private readonly negotiation: MediaNegotiation,
    private readonly clock: Clock,
  ) {}

  async open(
    peer: Peer,
    { rtpCapabilities, makeBeforeBreak }: ClientData<'line_open'>,
  ): Promise<ClientReply<'line_open'>> {
    const { bucket, waitMs } = takeToken(peer.lineBucket, LINE_LIMIT, this.clock.now());
    peer.lineBucket = bucket;
    if (waitMs > 0) throw new DomainError('rate_limited', 'too many new lines', waitMs);
    const { maxKbps } = peer.allowance.plan(this.clock.now());
    const line = await this.media.openLine(peer.id, rtpCapabilities, maxKbps, makeBeforeBreak).finally(() => {
      // An earlier line went with this, whether the new one came about or not; a call on it waits.
      if (!makeBeforeBreak) this.negotiation.lineLost(peer);
    });
    if (this.peers.get(peer.id) === peer) return line;
    // They left while it was made, so nobody else will close it.
    this.media.closeLine(peer.id, line.lineId);
    throw new DomainError('line_missing', 'the person has left');
  }

  async connect(
    peer: Peer,
    { lineId, direction, dtlsParameters }: ClientData<'line_connect'>,
  ): Promise<void> {
    await this.media.connect(peer.id, lineId, direction, dtlsParameters);
  }

  async produce(peer: Peer, data: ClientData<'line_produce'>): Promise<ClientReply<'line_produce'>> {
    const { lineId, source, kind, rtpParameters } = data;
    return { producerId: await this.media.produce(peer.id, lineId, { source, kind, rtpParameters }) };
  }

  unproduce(peer: Peer, { lineId, source }: ClientData<'line_unproduce'>): void {
    this.media.unproduce(peer.id, lineId, source);
  }

  async ready(peer: Peer, { lineId }: ClientData<'line_ready'>): Promise<void> {
    await this.media.markReady(peer.id, lineId);
  }

  async restartIce(
    peer: Peer,
    { lineId, direction }: ClientData<'line_restart_ice'>,
  ): Promise<ClientReply<'line_restart_ice'>> {
    return { iceParameters: await this.media.restartIce(peer.id, lineId, direction) };
  }

  close(peer: Peer, { lineId }: ClientData<'line_close'>): void {
    if (this.media.closeLine(peer.id, lineId)) this.negotiation.lineLost(peer);
  }

  /** What the person switched on and off; their partner is told. */
  setState(peer: Peer, { microphone, camera }: ClientData<'media_state'>): void {
    peer.media = { microphone, camera };
    const call = peer.state.kind === 'in_call' ? this.calls.get(peer.state.callId) : undefined;
    if (call !== undefined) this.calls.sendState(call, peer);
  }
}
