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
import type { BridgeRequest, NodeLine, RouterId } from './media-node';

/** The line on another node that a line here is to be joined with. */
export interface OtherLine {
  readonly node: NodeAddress;
  readonly router: RouterId;
}

/** A node as a place for lines, whether it is this one or another. Everything is refused with a `DomainError`. */
export interface LineHost {
  openLine(peerId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<NodeLine>;
  connect(peerId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void>;
  produce(
    peerId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string>;
  unproduce(peerId: string, lineId: string, source: Source): void;
  /** `false` when nothing has changed since it was last said. */
  markReady(peerId: string, lineId: string): Promise<boolean>;
  restartIce(
    peerId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']>;
  limit(peerId: string, maxKbps: number): void;
  closeLine(peerId: string, lineId: string): void;
  /** The person's seat is on this node from now on. `false` when the line is not there. */
  setGateway(peerId: string, lineId: string): Promise<boolean>;

  /** The first person's line is there; the other's too, or where `other` says. */
  createBridge(
    bridge: BridgeRequest,
    peerIds: readonly [string, string],
    other: OtherLine | null,
  ): Promise<ReadonlyMap<string, CallMedia>>;
  resumeConsumers(callId: string, generation: number, sound: boolean): Promise<void>;
  resumeProducers(callId: string, generation: number, sound: boolean): Promise<void>;
  /** A newer joining of the call than of this generation is left alone. */
  closeBridge(callId: string, generation: number): void;
}
