import type {
  CallMedia,
  ConsumerOptions,
  Direction,
  DtlsParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  Source,
  TransportOptions,
} from '../../protocol';

/** What a person's client needs to make its side of a new line. */
export interface OpenedLine {
  readonly lineId: string;
  readonly send: TransportOptions;
  readonly receive: TransportOptions;
  readonly silence: ConsumerOptions;
}

export interface MediaPlaneEvents {
  /** The person's line can be joined to another from now on. */
  lineReady(peerId: string): void;
  /** The line is gone and it was not the person's wish: its worker died, or its transport did. */
  lineLost(peerId: string, lineId: string): void;
  /** Both lines of the call may be there, but nothing flows between them any more. */
  callBroken(callId: string): void;
}

/**
 * The forwarding unit as the use cases see it. A person has at most one line; a call joins the lines of its
 * members. Every method refuses with a coded `DomainError` (`line_missing`, `line_refused`, `media_unavailable`);
 * none lets a client's bad parameters harm anybody else's media.
 */
export interface MediaPlane {
  readonly routerRtpCapabilities: RtpCapabilities;
  on(events: MediaPlaneEvents): void;

  /**
   * Makes a line on the least loaded worker. An earlier line of the person is closed first; with `beside` it goes on, and
   * gives its place to the new one when that is ready (V9). `maxKbps`: the most the person may send (V3).
   */
  openLine(
    peerId: string,
    rtpCapabilities: RtpCapabilities,
    maxKbps: number,
    makeBeforeBreak?: boolean,
  ): Promise<OpenedLine>;
  /** Changes what the person may send. Ignored when they have no line. */
  limit(peerId: string, maxKbps: number): void;
  connect(peerId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void>;
  /** Adds a producer, paused. One of each source; a second one of the same source takes its place. */
  produce(
    peerId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string>;
  unproduce(peerId: string, lineId: string, source: Source): void;
  markReady(peerId: string, lineId: string): Promise<void>;
  restartIce(
    peerId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']>;
  /** `false` when the person has no such line. Without a line id: whichever they have. */
  closeLine(peerId: string, lineId?: string): boolean;
  isReady(peerId: string): boolean;
  /** Who has a line here. */
  lineOwners(): readonly string[];

  /**
   * Joins two ready lines: paused consumers of each other's producers of these sources, lines on different
   * workers piped first.
   * An earlier joining of the same call is closed. Answers with what each person has to consume.
   */
  createBridge(
    callId: string,
    peerIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>>;
  /** Both have made their consumers: lets the media flow, with one key frame asked for at this moment. */
  startFlow(callId: string, generation: number, open: boolean): Promise<void>;
  /** Both have said yes: sound flows as well. Picture flows, blurred by the client, from `start` on. */
  addSound(callId: string): Promise<void>;
  /** Ends the joining; the lines stay and their producers are paused. Idempotent. */
  closeBridge(callId: string): void;

  /** Live numbers for health, metrics and audits. */
  stats(): MediaStats;
  close(): Promise<void>;
}

export interface MediaStats {
  readonly workers: number;
  readonly workersAlive: number;
  readonly lines: number;
  readonly bridges: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
  /** What goes through pipes, between workers and between nodes. */
  readonly pipes: number;
  /** This node's ends of pipes to other nodes. */
  readonly nodePipes: number;
  readonly workerDeaths: number;
}
