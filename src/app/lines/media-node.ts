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
import type { MediaStats, OpenedLine } from './media-plane';

/** Names a router of a node for as long as it lives; a worker that was replaced has another one. */
export type RouterId = string;

/** What one end of a pipe between two routers tells the other end. */
export interface PipeEnd {
  readonly ip: string;
  readonly port: number;
  readonly srtp: { readonly cryptoSuite: string; readonly keyBase64: string };
}

/** A producer as it comes out of a pipe. */
export interface PipedProducer {
  readonly source: Source;
  readonly kind: MediaKind;
  readonly rtpParameters: RtpParameters;
}

/** One side of a call whose two lines are on different nodes. */
export interface BridgeLegRequest {
  readonly callId: string;
  readonly generation: number;
  /** Whose line is on the node that is asked. */
  readonly peerId: string;
  readonly sources: readonly Source[];
  readonly makeBeforeBreak?: boolean | undefined;
  /** The pipe through which the other side's media comes and this side's goes. */
  readonly pipeId: string;
  readonly incoming: readonly PipedProducer[];
}

export interface BridgeLegMedia {
  readonly media: CallMedia;
  readonly outgoing: readonly PipedProducer[];
}

/** What the media of one node asks of another's, for calls whose lines are on both. Refuses with a `DomainError`. */
export interface MediaPeer {
  /** Makes the other end of a pipe on this router and connects it to `end`; answers with that other end. */
  openPipe(request: {
    readonly pipeId: string;
    readonly router: RouterId;
    /** The node that asks. */
    readonly from: NodeAddress;
    readonly end: PipeEnd;
  }): Promise<PipeEnd>;
  /**
   * Makes one side of a call: pipes out what its person sends, makes consumers of what comes in. All of it rests. It is
   * refused with `media_unavailable` where the pipe is not known (any more); the one who asks then tries a new pipe.
   */
  createBridgeLeg(request: BridgeLegRequest): Promise<BridgeLegMedia>;
  /** The pipe is idle or broken and was closed at the other end. Idempotent. */
  closePipe(pipeId: string): Promise<void>;
}

export interface MediaNodeEvents {
  /** A line is gone and nobody asked for it: its worker died, or its transport did. */
  lineLost(peerId: string, lineId: string): void;
  /** A pipe is gone and nobody asked for it, so its other end is to be closed too. */
  pipeLost(node: NodeAddress, pipeId: string): void;
  /**
   * What joined a call is gone, though both of its lines may be there: a pipe went away, or another joining took a line.
   * Whose joining it was knows whether it is to be joined anew.
   */
  bridgeBroken(callId: string, generation: number): void;
}

export interface NodeLine extends OpenedLine {
  readonly router: RouterId;
}

export interface BridgeRequest {
  readonly callId: string;
  /** Of this attempt; a later one of the same call is greater. */
  readonly generation: number;
  readonly sources: readonly Source[];
  /**
   * Made beside the joining that the call has, which goes on until it is parted by its own generation. Only where one
   * of the two lines is another one than before: nothing goes the same way twice.
   */
  readonly makeBeforeBreak?: boolean | undefined;
}

/**
 * The forwarding unit of one node: lines on its workers, and joinings between them or to a line on another node. A
 * person has at most one line on it. Refuses with `line_missing`, `line_refused`, `media_unavailable`.
 */
export interface MediaNode extends MediaPeer {
  readonly routerRtpCapabilities: RtpCapabilities;
  on(events: MediaNodeEvents): void;

  openLine(peerId: string, rtpCapabilities: RtpCapabilities, maxKbps: number): Promise<NodeLine>;
  limit(peerId: string, maxKbps: number): void;
  connect(peerId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void>;
  produce(
    peerId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string>;
  unproduce(peerId: string, lineId: string, source: Source): void;
  /** `false` when nothing has changed since it was last said. */
  markReady(peerId: string, lineId: string): boolean;
  restartIce(
    peerId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']>;
  closeLine(peerId: string, lineId?: string): boolean;
  lineOwners(): readonly string[];

  /** Joins two lines of this node. An earlier joining of the same call is closed, unless this is made beside it. */
  createBridge(
    bridge: BridgeRequest,
    peerIds: readonly [string, string],
  ): Promise<ReadonlyMap<string, CallMedia>>;
  /**
   * Joins a line of this node with one on another, through a pipe that is made where there is none and shared by calls.
   * Of two nodes always the same one is asked, so that no pipe is made twice.
   */
  createCrossNodeBridge(
    bridge: BridgeRequest,
    peerId: string,
    other: { readonly peerId: string; readonly node: NodeAddress; readonly router: RouterId },
    peer: MediaPeer,
  ): Promise<ReadonlyMap<string, CallMedia>>;
  /** Opens the way on this node: consumers and pipes. Nothing flows yet. */
  resumeConsumers(callId: string, generation: number, sound: boolean): Promise<void>;
  /** Lets this node's producers send; on both nodes the way is open. */
  resumeProducers(callId: string, generation: number, sound: boolean): Promise<void>;
  /**
   * Ends this node's side of the joining; lines stay, their producers are paused. Idempotent. With a generation, a newer
   * joining than that is left alone: so an attempt that failed can be swept up, on both nodes, at any time afterwards.
   */
  closeBridge(callId: string, generation?: number): void;

  /** That node is gone: pipes to it are closed. Lines stay. */
  forgetNode(node: NodeAddress): void;

  stats(): MediaStats;
  close(): Promise<void>;
}
