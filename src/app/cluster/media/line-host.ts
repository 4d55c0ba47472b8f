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
import type { Joined, NodeLine, RouterId } from '../../ports/media-node';

/** The line on another node that a line here is to be joined with. */
export interface OtherLine {
  readonly node: NodeAddress;
  readonly router: RouterId;
}

/** A node as a place for lines, whether it is this one or another. Everything is refused with a `Refusal`. */
export interface LineHost {
  openLine(personId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<NodeLine>;
  connect(personId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void>;
  produce(
    personId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string>;
  unproduce(personId: string, lineId: string, source: Source): void;
  /** `false` when nothing has changed since it was last said. */
  markReady(personId: string, lineId: string): Promise<boolean>;
  restartIce(
    personId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']>;
  limit(personId: string, maxKbps: number): void;
  closeLine(personId: string, lineId: string): void;
  /** The person's seat is on this node from now on. `false` when the line is not there. */
  seat(personId: string, lineId: string): Promise<boolean>;

  /** The first person's line is there; the other's too, or where `other` says. */
  join(
    joined: Joined,
    personIds: readonly [string, string],
    other: OtherLine | null,
  ): Promise<ReadonlyMap<string, CallMedia>>;
  openWay(callId: string, generation: number, sound: boolean): Promise<void>;
  letFlow(callId: string, generation: number, sound: boolean): Promise<void>;
  /** A newer joining of the call than of this generation is left alone. */
  part(callId: string, generation: number): void;
}
