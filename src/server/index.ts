import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { Calls } from '../app/calls/calls';
import type { PeerDirectory } from '../app/peers/handshake';
import { PeerRegistry } from '../app/peers/peer-registry';
import type { Config } from '../config';
import { operatorToken } from '../disk/operator-token';
import { addressReader, tlsReader } from '../http/addresses';
import { originRule } from '../http/origins';
import { createHttpApp } from '../http/app';
import { Metrics } from '../metrics/metrics';
import { LIMITS } from '../protocol';
import { dispatch } from '../signaling/dispatch';
import { parsePassedOn } from '../signaling/frame';
import { Gateway, type Visitor } from '../signaling/gateway';
import { SIGNALING_LIMITS } from '../signaling/limits';
import { wireAccounts } from './wire-accounts';
import { openAdapters, type Adapters } from './adapters';
import { Closers } from './closers';
import type { ErrorReporter } from './error-reporter';
import { wireCalls, type WiredCalls } from './wire-calls';
import { wireNodes } from './wire-nodes';
import { logNodes } from './nodes-log';

/** A page that is closed or loaded again comes back within seconds or not at all. */
const PAGE_CLOSED_MS = 4_000;

export interface RunningServer {
  readonly url: string;
  /** The parts, for tests that audit them from inside. */
  readonly parts: Parts & { readonly sockets: () => number };
  /** Empties this node: resolves when nothing is left here, at the configured limit, or when there is nowhere to go. */
  drain(): Promise<void>;
  /** Stops everything in the reverse order of its start. Idempotent. */
  close(): Promise<void>;
}

type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Builds every adapter and wires everything; what was opened is closed again when a later part fails. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const edge = { sockets: (): number => 0, faults: (): void => undefined };
  const reportError: ErrorReporter = (error, message) => {
    edge.faults();
    log.error({ err: error }, message);
  };
  const closers = new Closers(reportError);
  try {
    return await openServer(config, log, { edge, reportError, closers });
  } catch (error) {
    await closers.close();
    throw error;
  }
}

interface Opening {
  /** What the metrics read of parts that are made after them, and count of parts made before. */
  readonly edge: { sockets(): number; faults(): void };
  readonly reportError: ErrorReporter;
  readonly closers: Closers;
}

async function openServer(config: Config, log: Logger, opening: Opening): Promise<RunningServer> {
  const { edge, closers } = opening;
  const startedAt = Date.now();
  const token = config.operators.token ?? (await operatorToken(config.storage.dataDir, log));
  const parts = await buildParts(config, log, opening);
  let stopping: Promise<void> | undefined;
  const app = createHttpApp({
    ...parts,
    startedAt,
    clientDir: config.http.clientDir,
    trustedProxies: config.http.trustedProxies,
    allowedOrigins: config.http.allowedOrigins,
    operatorToken: token,
    renderMetrics: () => parts.metrics.render(),
    isStopping: () => stopping !== undefined,
  });
  const http = createServer(app);
  const gateway = openGateway(config, parts, app);
  gateway.attach(http);
  closers.add(gateway);
  edge.sockets = () => gateway.sockets;
  await listen(http, config);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => http.close(resolve));
    await closers.close();
    http.closeAllConnections();
    await closed;
  };
  const audited = { ...parts, sockets: () => gateway.sockets };
  return {
    url: urlOf(http, config),
    parts: audited,
    drain: () => parts.drain.finish(config.cluster.drainMs),
    close: () => (stopping ??= close()),
  };
}

/** Everything behind the two edges that people reach (sockets and HTTP). */
async function buildParts(config: Config, log: Logger, { edge, reportError, closers }: Opening) {
  const adapters = await openAdapters(config, log, reportError, closers);
  const { clock, records } = adapters;
  const peers = new PeerRegistry(clock, { dropped: LIMITS.resumeSeconds * 1000, pageClosed: PAGE_CLOSED_MS });
  const calls = new Calls(clock);
  const nodes = wireNodes(config, { ...adapters, peers, calls, reportError });
  const { messenger, membership, liveStats, media } = nodes;
  logNodes(log, { membership, calls, messenger });
  closers.add(messenger);
  closers.add(membership);
  closers.add(media);
  const metrics = new Metrics({
    stats: () => liveStats.here().stats,
    media: () => media.stats(),
    records: () => records.health(),
    calls: () => calls.size,
    sockets: () => edge.sockets(),
    nodes: () => membership.all().length,
  });
  metrics.follow(calls);
  edge.faults = () => metrics.faults.inc();
  const known = { ...adapters, ...nodes, peers, calls, reportError };
  const wired = await wireAccounts(config, {
    ...known,
    peerDirectory: lateSeats(() => meeting.peerDirectory),
  });
  const meeting: WiredCalls = wireCalls(config, {
    ...known,
    ...wired,
    journal: records.journal,
    reports: records.reports,
    subscriptions: records.subscriptions,
    execute: (peer, event, data) => dispatch(parts, peer, parsePassedOn(event, data)),
  });
  meeting.recorder
    .endLost()
    .catch((error: unknown) => reportError(error, 'records of lost calls could not be ended'));
  const parts = { ...known, ...wired, ...meeting, metrics };
  closers.add({ close: () => meeting.closeDirectors() });
  closers.add({ close: () => endMeeting(parts) });
  // Everything that answers is there: from now on other nodes may ask.
  await messenger.open();
  membership.start();
  return parts;
}

/** People are greeted by what is built before the seats; these are there long before anybody comes. */
const lateSeats = (peerDirectory: () => PeerDirectory): PeerDirectory => ({
  claimByToken: (resumeToken) => peerDirectory().claimByToken(resumeToken),
  findElsewhere: (peerId) => peerDirectory().findElsewhere(peerId),
  claim: (peerId) => peerDirectory().claim(peerId),
});

/** Ends what people are doing; what that still has to write is handed over before anything else is closed. */
function endMeeting(parts: Pick<Parts, 'calls' | 'peers' | 'stopLooking' | keyof WiredCalls>): void {
  const { calls, peers, meter, recorder, presence } = parts;
  parts.stopSweeping();
  parts.stopLooking();
  calls.close();
  meter.close();
  recorder.close();
  presence.close();
  parts.closeFar();
  peers.close();
}

function openGateway(config: Config, parts: Parts, app: Express): Gateway {
  const addressOf = addressReader(app);
  return new Gateway({
    peers: parts.peers,
    handshake: parts.handshake,
    visitorOf: visitorReader(parts, app),
    liveStats: parts.liveStats,
    useCases: parts,
    clock: parts.clock,
    reportError: parts.reportError,
    limits: {
      ...SIGNALING_LIMITS,
      sockets: config.signaling.sockets,
      socketsPerAddress: config.signaling.socketsPerAddress,
    },
    addressOf,
    allowsOrigin: originRule(config.http.allowedOrigins, { isTls: tlsReader(app) }),
    takesPeople: () => config.cluster.role !== 'media',
    isDraining: () => parts.drain.isDraining,
    iceServers: () => [...config.media.iceServers],
    routerRtpCapabilities: parts.media.routerRtpCapabilities,
  });
}

/** Whoever has no cookie of ours yet gets a guest's with the answer to the upgrade, and is that guest at once. */
function visitorReader({ jar, addresses }: Adapters, app: Express): (request: IncomingMessage) => Visitor {
  const addressOf = addressReader(app);
  const secure = tlsReader(app);
  return (request) => {
    const credentials = jar.credentials(request.headers.cookie);
    const addressHash = addresses.hash(addressOf(request)).address;
    if (credentials.guest !== null) return { credentials, newCookie: null, addressHash };
    const { session, cookie } = jar.newGuest(secure(request));
    return {
      credentials: { ...credentials, guest: session, isNewGuest: true },
      newCookie: cookie,
      addressHash,
    };
  };
}

function listen(http: Server, { http: { host, port } }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
}

function urlOf(http: Server, config: Config): string {
  const { port } = http.address() as AddressInfo;
  const host = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(config.http.host)
    ? 'localhost'
    : config.http.host;
  return `http://${host}:${port}`;
}
