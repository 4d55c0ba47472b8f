import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RelaxationStep } from './domain/pairing';
import type { Logger } from 'pino';
import { CallMediaDirector } from './app/calls/call-media';
import { Calls } from './app/calls/calls';
import { Chat } from './app/chat';
import { Directors } from './app/director';
import { Housekeeping } from './app/housekeeping';
import { Lines } from './app/lines';
import { People } from './app/people/people';
import { Population } from './app/population';
import { Recovery } from './app/recovery';
import { Safety } from './app/safety/safety';
import { Lobby } from './app/search/lobby';
import { Outlook } from './app/search/outlook';
import type { Config } from './config';
import { operatorToken } from './disk/operator-token';
import { DiskReportJournal } from './disk/report-journal';
import { addressReader, originRule } from './http/addresses';
import { createHttpApp } from './http/app';
import { startForwardingUnit } from './media';
import { systemClock } from './memory/clock';
import { MemoryTicketStore } from './memory/ticket-store';
import { Metrics } from './metrics/metrics';
import { LIMITS } from './protocol';
import { Gateway } from './signaling/gateway';
import { SIGNALING_LIMITS } from './signaling/limits';

/** A page that is closed or loaded again comes back within seconds or not at all. */
const PAGE_CLOSED_MS = 4_000;
const SWEEP_MS = 5_000;
const TICKETS = { staleMs: 45_000, maxAgeMs: 3_600_000 };
const CALL_MEDIA = { lineMs: 12_000, answerMs: 6_000, troubleMs: 25_000 };

export interface RunningServer {
  readonly url: string;
  /** The parts, for tests that audit them from inside. */
  readonly parts: Parts;
  /** Stops everything in the reverse order of its start. Idempotent. */
  close(): Promise<void>;
}

type Parts = Awaited<ReturnType<typeof buildParts>>;

/** Builds every adapter and wires everything; what was started is stopped again when a later part fails. */
export async function startServer(config: Config, log: Logger): Promise<RunningServer> {
  const startedAt = Date.now();
  const token = config.operatorToken ?? (await operatorToken(config.dataDir, log));
  const parts = await buildParts(config, log);
  let stopping: Promise<void> | undefined;
  try {
    const app = createHttpApp({
      ...parts,
      startedAt,
      clientDir: config.http.clientDir,
      trustedProxies: config.trustedProxies,
      operatorToken: token,
      renderMetrics: () => parts.metrics.render(),
      isStopping: () => stopping !== undefined,
    });
    const http = createServer(app);
    const gateway = openGateway(config, parts, addressReader(app));
    gateway.attach(http);
    parts.sockets = () => gateway.sockets;
    await listen(http, config);
    const close = async (): Promise<void> => {
      const closed = new Promise((resolve) => http.close(resolve));
      gateway.close();
      await closeParts(parts);
      http.closeAllConnections();
      await closed;
    };
    return { url: urlOf(http, config), parts, close: () => (stopping ??= close()) };
  } catch (error) {
    await closeParts(parts);
    throw error;
  }
}

/** What reaches outside the process, or stands in for it. */
async function openAdapters(config: Config, log: Logger) {
  const journal = await DiskReportJournal.open(config.dataDir);
  try {
    const media = await startForwardingUnit(config.rtc, log);
    return { clock: systemClock, journal, media, store: new MemoryTicketStore() };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Everything behind the two edges that people reach (sockets and HTTP). */
async function buildParts(config: Config, log: Logger) {
  const steps = config.matchSteps;
  const adapters = await openAdapters(config, log);
  const { clock, media } = adapters;
  const people = new People(clock, { dropped: LIMITS.resumeSeconds * 1000, pageClosed: PAGE_CLOSED_MS });
  const calls = new Calls(clock);
  const population = new Population(people, clock);
  const edge = { sockets: (): number => 0 };
  const metrics = new Metrics({
    stats: () => population.now().stats,
    media: () => media.census(),
    calls: () => calls.size,
    sockets: () => edge.sockets(),
  });
  metrics.follow(calls);
  const fault = (error: unknown, words: string): void => {
    metrics.faults.inc();
    log.error({ err: error }, words);
  };
  const meeting = buildMeeting(config, steps, { ...adapters, people, calls, population, fault });
  return Object.assign(edge, adapters, meeting, { people, calls, population, metrics, fault });
}

interface MeetingDeps extends Awaited<ReturnType<typeof openAdapters>> {
  readonly people: People;
  readonly calls: Calls;
  readonly population: Population;
  readonly fault: (error: unknown, words: string) => void;
}

/** From the wish to the call and back: search, matching, media, chat, and what happens when something goes. */
function buildMeeting(config: Config, steps: readonly RelaxationStep[], deps: MeetingDeps) {
  const { clock, people, calls, population, media, store, journal, fault } = deps;
  const callMedia: CallMediaDirector = new CallMediaDirector(calls, media, clock, CALL_MEDIA, {
    failed: (call, at) => recovery.mediaFailed(call, at),
    fault,
  });
  const directors: Directors = new Directors({
    store,
    clock,
    steps,
    matched: (tickets) => lobby.matched(tickets),
    stepReached: (ticket, step) => lobby.stepReached(ticket, step),
    onError: (error) => fault(error, 'matching met an error and goes on'),
  });
  const lobby: Lobby = new Lobby({
    people,
    calls,
    store,
    clock,
    policy: { region: config.region, admitMinors: config.admitMinors, skips: config.skips, ...TICKETS },
    outlook: new Outlook(steps, population),
    ensureDirector: (shard) => directors.ensure(shard),
    begin: (call) =>
      void callMedia.begin(call).catch((error: unknown) => fault(error, 'a call could not begin')),
    fault,
  });
  const chat = new Chat(calls, clock);
  const recovery = new Recovery({ people, calls, callMedia, chat, lobby, media, fault });
  recovery.listen();
  const sweep = (): void => void lobby.sweep().catch((error: unknown) => fault(error, 'a sweep failed'));
  return {
    callMedia,
    directors,
    lobby,
    chat,
    housekeeping: new Housekeeping(people, calls, media, lobby),
    lines: new Lines(people, media, calls, callMedia, clock),
    safety: new Safety(calls, journal, clock),
    stopSweeping: clock.every(SWEEP_MS, sweep),
  };
}

/** In reverse of their start; one that fails keeps none of the others from closing. */
async function closeParts(parts: Parts): Promise<void> {
  const { calls, people, directors, store, media, journal, fault } = parts;
  parts.stopSweeping();
  calls.close();
  people.close();
  for (const part of [directors, store, media, journal]) {
    await part.close().catch((error: unknown) => fault(error, 'a part could not be closed'));
  }
}

function openGateway(config: Config, parts: Parts, addressOf: ReturnType<typeof addressReader>): Gateway {
  return new Gateway({
    people: parts.people,
    population: parts.population,
    useCases: parts,
    clock: parts.clock,
    fault: parts.fault,
    limits: {
      ...SIGNALING_LIMITS,
      sockets: config.sockets.most,
      socketsPerAddress: config.sockets.perAddress,
    },
    addressOf,
    allowsOrigin: originRule(config.allowedOrigins),
    iceServers: () => [...config.iceServers],
    routerRtpCapabilities: parts.media.routerRtpCapabilities,
  });
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
