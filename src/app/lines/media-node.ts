import { z } from 'zod';
import {
  callMediaSchema,
  consumerOptionsSchema,
  directionSchema,
  dtlsParametersSchema,
  iceParametersSchema,
  kindSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  sourceSchema,
  transportOptionsSchema,
  type RtpCapabilities,
  type Source,
} from '../../protocol';
import {
  notification,
  request,
  type DataOf,
  type NotificationDefinition,
  type ReplyOf,
  type RequestDefinition,
} from '../cluster/messages';
import { callId, generation, lineId, nodeAddress, nothing, peerId } from '../cluster/shapes';
import type { NodeAddress } from '../ports/bus';
import type { EventSource } from '../ports/event-emitter';

const line = z.object({ peerId, lineId });
const bridge = z.object({ callId, generation });
const router = z.string().min(1).max(128);
const pipeId = z.string();

/** What one end of a pipe between two routers tells the other end. */
export const pipeEndSchema = z.object({
  ip: z.string().min(1).max(256),
  port: z.number().int().min(1).max(65_535),
  srtp: z.object({ cryptoSuite: z.string().max(64), keyBase64: z.string().max(256) }),
});
export type PipeEnd = z.infer<typeof pipeEndSchema>;

/** A producer as it comes out of a pipe. */
export const pipedProducerSchema = z.object({
  source: sourceSchema,
  kind: kindSchema,
  rtpParameters: rtpParametersSchema,
});
export type PipedProducer = z.infer<typeof pipedProducerSchema>;

const bridgeRequest = bridge.extend({
  sources: z.array(sourceSchema),
  /**
   * Make before break: the call's present bridge goes on until it is closed by its own generation. Set only where
   * exactly one of the two lines is new, because a producer cannot be piped to the same router twice.
   */
  makeBeforeBreak: z.boolean().optional(),
});

/** Requests that a media node serves for all gateways and owners. A request that fails rejects with a `DomainError`. */
export const MEDIA_NODE_REQUESTS = {
  /** Makes a line. An earlier line of the peer on this node is closed. `maxKbps`: the most the peer may send (V3). */
  openLine: request(
    'line_open',
    z.object({
      peerId,
      /** The node that holds the peer's socket. It is notified when the line is lost. */
      gateway: nodeAddress,
      rtpCapabilities: rtpCapabilitiesSchema,
      maxKbps: z.number(),
    }),
    z.object({
      lineId,
      router,
      send: transportOptionsSchema,
      receive: transportOptionsSchema,
      silence: consumerOptionsSchema,
    }),
  ),
  connect: request(
    'line_connect',
    line.extend({ direction: directionSchema, dtlsParameters: dtlsParametersSchema }),
    nothing,
  ),
  /** Adds a producer, paused. A line has one of each source; a second one of the same source replaces it. */
  produce: request(
    'line_produce',
    line.extend({ source: sourceSchema, kind: kindSchema, rtpParameters: rtpParametersSchema }),
    z.object({ producerId: z.string() }),
  ),
  /** `changed: false` when the line's producers are the same as at the last call of this method. */
  markReady: request('line_ready', line, z.object({ changed: z.boolean() })),
  restartIce: request(
    'line_restart_ice',
    line.extend({ direction: directionSchema }),
    z.object({ iceParameters: iceParametersSchema }),
  ),
  /** The peer has another gateway now. `known: false` when the line is not there. */
  setGateway: request(
    'line_gateway',
    line.extend({ gateway: nodeAddress }),
    z.object({ known: z.boolean() }),
  ),

  /**
   * Makes a bridge between two lines: paused consumers of each other's producers. The first line is on this node, the
   * other one too, or where `other` says. Answers with what each peer has to consume.
   */
  createBridge: request(
    'bridge_create',
    bridgeRequest.extend({
      peerIds: z.tuple([peerId, peerId]),
      other: z.object({ node: nodeAddress, router }).nullable(),
    }),
    z.object({ media: z.array(z.tuple([peerId, callMediaSchema])) }),
  ),
  /** Resumes this node's consumers and pipes. Nothing flows yet, because all producers are still paused. */
  resumeConsumers: request('bridge_resume_consumers', bridge.extend({ isOpen: z.boolean() }), nothing),
  /** Resumes this node's producers. This comes last, so that the one key frame request goes all the way. */
  resumeProducers: request('bridge_resume_producers', bridge.extend({ isOpen: z.boolean() }), nothing),

  /** Makes the other end of a pipe on `router` and connects it to `end`; answers with that other end. */
  openPipe: request(
    'pipe_open',
    z.object({ pipeId, router, from: nodeAddress, end: pipeEndSchema }),
    pipeEndSchema,
  ),
  /**
   * Makes this node's leg of a bridge between two nodes: pipes out what its peer sends, makes consumers of what comes
   * in. Rejects with `media_unavailable` when the pipe is not known (any more); the requester then opens a new pipe.
   */
  createBridgeLeg: request(
    'bridge_leg_create',
    bridgeRequest.extend({ peerId, pipeId, incoming: z.array(pipedProducerSchema) }),
    z.object({ media: callMediaSchema, outgoing: z.array(pipedProducerSchema) }),
  ),
} as const;

/** Notifications that a media node serves. All of them are idempotent. */
export const MEDIA_NODE_NOTIFICATIONS = {
  limit: notification('line_limit', z.object({ peerId, maxKbps: z.number() })),
  unproduce: notification('line_unproduce', line.extend({ source: sourceSchema })),
  closeLine: notification('line_close', line),
  /** Ends this node's side of a bridge; lines stay, their producers are paused. A newer bridge is left alone. */
  closeBridge: notification('bridge_close', bridge),
  closePipe: notification('pipe_close', z.object({ pipeId })),
} as const;

type Requests = typeof MEDIA_NODE_REQUESTS;
type Notifications = typeof MEDIA_NODE_NOTIFICATIONS;
type Serves<M> =
  M extends RequestDefinition<infer Data, infer Reply>
    ? (data: Data) => Promise<Reply>
    : M extends NotificationDefinition<infer Data>
      ? (data: Data) => void
      : never;

/**
 * A node as a place for lines and bridges. Three implementations: mediasoup on this node, a proxy that sends each
 * method call as a message to another node, and a node without media, which rejects everything.
 */
export type MediaNode = { readonly [R in keyof Requests]: Serves<Requests[R]> } & {
  readonly [N in keyof Notifications]: Serves<Notifications[N]>;
};

export type OpenLineRequest = DataOf<Requests['openLine']>;
export type OpenedLine = ReplyOf<Requests['openLine']>;
export type BridgeRequest = DataOf<Requests['createBridge']>;
export type BridgeLegRequest = DataOf<Requests['createBridgeLeg']>;
export type BridgeLegMedia = ReplyOf<Requests['createBridgeLeg']>;
/** What a bridge between two nodes needs of the other node. */
export type PipingNode = Pick<MediaNode, 'openPipe' | 'createBridgeLeg' | 'closePipe'>;

/** A line on this node. */
export interface HostedLine {
  readonly peerId: string;
  readonly lineId: string;
  /** The node that holds the peer's socket. */
  readonly gateway: NodeAddress;
}

/** A producer of a line on this node, for code that records or measures what it sends. */
export interface ProducerInfo {
  readonly peerId: string;
  readonly lineId: string;
  readonly producerId: string;
  readonly source: Source;
}

export interface MediaNodeEvents {
  /** A line is gone though no method closed it: its worker or its transport died. */
  lineLost(line: HostedLine): void;
  producerAdded(producer: ProducerInfo): void;
  producerPaused(producer: ProducerInfo): void;
  producerResumed(producer: ProducerInfo): void;
  producerClosed(producer: ProducerInfo): void;
  /** Media of this bridge flows on this node from now on. */
  bridgeFlowing(callId: string, generation: number): void;
  /** The bridge, or this node's leg of it, is closed, for whatever reason. */
  bridgeEnded(callId: string, generation: number): void;
  /**
   * The bridge is closed though its lines may be there: a pipe was lost, or a bridge of another call took a line. The
   * owner of the call decides whether to make a new bridge.
   */
  bridgeBroken(callId: string, generation: number): void;
  /** A pipe is gone though no method closed it, so its other end has to be closed too. */
  pipeLost(node: NodeAddress, pipeId: string): void;
}

export interface MediaStats {
  readonly workers: number;
  readonly workersAlive: number;
  /** Workers that die again and again, or did so lately. */
  readonly workersFailing: number;
  readonly lines: number;
  readonly bridges: number;
  readonly transports: number;
  readonly producers: number;
  readonly consumers: number;
  /** Producers that go through pipes, between workers and between nodes. */
  readonly pipes: number;
  /** This node's ends of pipes to other nodes. */
  readonly nodePipes: number;
  readonly workerDeaths: number;
}

/** The media node of this process: what the proxy offers, and what only this process may see and do. */
export interface LocalMediaNode extends MediaNode, EventSource<MediaNodeEvents> {
  readonly routerRtpCapabilities: RtpCapabilities;
  /** Sets how this node reaches the media of other nodes. To be called once, before any other method. */
  useNodes(nodes: (address: NodeAddress) => PipingNode): void;
  hostedLines(): readonly HostedLine[];
  /** That node is dead: pipes to it are closed. Lines stay. */
  forgetNode(node: NodeAddress): void;
  stats(): MediaStats;
  /** Process ids of the workers, for monitoring and tests from outside. */
  workerPids(): readonly number[];
  /** Idempotent. Bridges, lines, pipes and workers are closed, in this order. */
  close(): Promise<void>;
}
