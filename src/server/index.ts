import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../app/ports/clock';
import type { ErrorReporter } from '../app/ports/error-reporter';
import type { Config } from '../config';
import { openDataFolder } from '../disk/data-folder';
import { operatorToken } from '../disk/operator-token';
import { createHttpApp } from '../http/app';
import { ForwardingMonitor } from '../http/forwarding-monitor';
import { registerHttpMetrics } from '../http/metrics';
import { systemClock } from '../memory/clock';
import { PrometheusMetrics } from '../metrics/prometheus';
import { registerSignalingMetrics } from '../signaling/metrics';
import { Closers } from './closers';
import { ErrorLog } from './error-log';
import { inUrl } from '../domain/addresses';
import { acceptMore, type Accepting } from './more-accepts';
import { watchDescriptors } from './descriptor-watch';
import { createHttpServer } from './http-server';
import { buildParts, type Parts, type PartsDeps } from './parts';
import { wireGateway } from './wire-gateway';

export { explainStartFault } from './start-faults';

export interface RunningServer {
  readonly url: string;
  /** The parts, for tests that look at them from inside. */
  readonly parts: Parts & { readonly sockets: () => number };
  /** Whether another node is heard, which could take over what is here. */
  hasOtherNodes(): boolean;
  /** Drains this node: resolves when nothing is left here, at the configured limit, or when there is nowhere to go. */
  drain(): Promise<void>;
  /** Stops everything in the reverse order of its start. Idempotent. */
  close(): Promise<void>;
}

/**
 * Builds every adapter and wires everything. When a later part fails, what was opened is closed again. A test may give a
 * clock of its own.
 */
export async function startServer(
  config: Config,
  log: Logger,
  clock: Clock = systemClock,
): Promise<RunningServer> {
  const metrics = new PrometheusMetrics();
  const errors = metrics.counter({
    name: 'passerby_errors_total',
    help: 'Errors of the server itself that were caught and logged',
    labels: [],
  });
  const errorLog = new ErrorLog(log, clock);
  const reportError: ErrorReporter = (error, message) => {
    errors.inc({});
    errorLog.error(error, message);
  };
  const closers = new Closers(reportError);
  closers.add(errorLog);
  try {
    return await openServer({ config, log, clock, metrics, reportError, closers });
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function openServer(opening: PartsDeps): Promise<RunningServer> {
  const { config, log, clock, metrics, reportError, closers } = opening;
  const startedAt = clock.elapsed();
  await openDataFolder(config.storage.dataDir);
  const token = config.operators.token ?? (await operatorToken(config.storage.dataDir, log));
  const parts = await buildParts(opening);
  let stopping: Promise<void> | undefined;
  const { accounts, privacy, plans, billingDesk, jar, addresses, calls, liveStats, media, membership } =
    parts;
  const forwarding = new ForwardingMonitor((message, details) => log.warn(details, message));
  const app = createHttpApp({
    ...{ accounts, privacy, plans, billingDesk, jar, addresses, calls, liveStats, media, membership },
    banDesk: parts.banDesk,
    records: parts.records,
    mailer: parts.mailer,
    orphanCleanUp: parts.orphanCleanUp,
    drain: parts.drain,
    sharedHealth: parts.sharedHealth,
    uptimeMs: () => clock.elapsed() - startedAt,
    isStopping: () => stopping !== undefined,
    renderMetrics: () => metrics.render(),
    clientDir: config.http.clientDir,
    trustedProxies: config.http.trustedProxies,
    allowedOrigins: config.http.allowedOrigins,
    operatorToken: token,
    forwarding,
    reportError,
  });
  const gateway = closers.add(wireGateway({ config, parts, app, forwarding }));
  const { keepAliveMs } = config.http;
  const http = createHttpServer({ serve: app, upgrade: gateway.upgrade, keepAliveMs, reportError });
  closers.add(watchDescriptors(parts.clock, log));
  registerSignalingMetrics(metrics, gateway);
  registerHttpMetrics(metrics, forwarding);
  const accepting = await listen(http, config, reportError);
  const close = async (): Promise<void> => {
    accepting.close();
    const closed = new Promise((resolve) => http.close(resolve));
    await closers.close();
    http.closeAllConnections();
    await closed;
  };
  return {
    url: urlOf(http, config),
    parts: { ...parts, sockets: () => gateway.sockets },
    hasOtherNodes: () => parts.membership.others().length > 0,
    drain: () => parts.drain.finish(config.cluster.drainMs),
    close: () => (stopping ??= close()),
  };
}

function listen(
  http: Server,
  { http: { host, port } }: Config,
  reportError: ErrorReporter,
): Promise<Accepting> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      // Such an error concerns one connection. Without a listener it would end the process.
      http.on('error', (error) => reportError(error, 'a connection could not be accepted'));
      resolve(acceptMore(http, reportError));
    });
  });
}

function urlOf(http: Server, config: Config): string {
  const { port } = http.address() as AddressInfo;
  const { host } = config.http;
  const isThisMachine = ['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host);
  return `http://${isThisMachine ? 'localhost' : inUrl(host)}:${port}`;
}
