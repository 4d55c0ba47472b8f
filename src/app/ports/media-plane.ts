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
  lineReady(personId: string): void;
  /** The line is gone and it was not the person's wish: its worker died, or its transport did. */
  lineLost(personId: string, lineId: string): void;
  /** Both lines of the call may be there, but nothing flows between them any more. */
  callBroken(callId: string): void;
}

/**
 * The forwarding unit as the use cases see it. A person has at most one line; a call joins the lines of its
 * members. Every method refuses with a coded `Refusal` (`line_missing`, `line_refused`, `media_unavailable`);
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
    personId: string,
    rtpCapabilities: RtpCapabilities,
    maxKbps: number,
    beside?: boolean,
  ): Promise<OpenedLine>;
  /** Changes what the person may send. Ignored when they have no line. */
  limit(personId: string, maxKbps: number): void;
  connect(personId: string, lineId: string, direction: Direction, dtls: DtlsParameters): Promise<void>;
  /** Adds a producer, paused. One of each source; a second one of the same source takes its place. */
  produce(
    personId: string,
    lineId: string,
    request: { source: Source; kind: MediaKind; rtpParameters: RtpParameters },
  ): Promise<string>;
  unproduce(personId: string, lineId: string, source: Source): void;
  markReady(personId: string, lineId: string): Promise<void>;
  restartIce(
    personId: string,
    lineId: string,
    direction: Direction,
  ): Promise<TransportOptions['iceParameters']>;
  /** `false` when the person has no such line. Without a line id: whichever they have. */
  closeLine(personId: string, lineId?: string): boolean;
  isReady(personId: string): boolean;
  /** Who has a line here. */
  lineOwners(): readonly string[];

  /**
   * Joins two ready lines: paused consumers of each other's producers of these sources, lines on different
   * workers piped first.
   * An earlier joining of the same call is closed. Answers with what each person has to consume.
   */
  join(
    callId: string,
    personIds: readonly [string, string],
    sources: readonly Source[],
  ): Promise<ReadonlyMap<string, CallMedia>>;
  /** Both have made their consumers: lets the media flow, with one key frame asked for at this moment. */
  start(callId: string, generation: number, open: boolean): Promise<void>;
  /** Both have said yes: sound flows as well. Picture flows, blurred by the client, from `start` on. */
  open(callId: string): Promise<void>;
  /** Ends the joining; the lines stay and their producers are paused. Idempotent. */
  part(callId: string): void;

  /** Live numbers for health, metrics and audits. */
  census(): MediaCensus;
  close(): Promise<void>;
}

export interface MediaCensus {
  readonly workers: number;
  readonly workersAlive: number;
  readonly lines: number;
  readonly joinings: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
  /** What goes through pipes, between workers and between nodes. */
  readonly pipes: number;
  /** This node's ends of pipes to other nodes. */
  readonly nodePipes: number;
  readonly workerDeaths: number;
}
