import pino, { type Logger } from 'pino';
import { ConfigError, readConfig, type Config } from './config';
import { explainStartFault, startServer, type RunningServer } from './server';

/** Exit codes: 1 an error while starting or running, 2 a configuration that cannot be used. */
const EXIT = { error: 1, configuration: 2 } as const;

/** How long an orderly stop may take before the process ends all the same. */
const STOP_MS = 8_000;

function configOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(
      `The configuration cannot be used:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`,
    );
    process.exit(EXIT.configuration);
  }
}

async function main(): Promise<void> {
  const config = configOrExit();
  const log = pino({
    level: config.logging.level,
    redact: {
      paths: [
        ...['*.resumeToken', '*.authorization', '*.credential', '*.operatorToken', '*.ip'],
        // Redis errors hold the command, with a password or with private data.
        ...['err.command', 'err.cause.command'],
      ],
      censor: '[kept back]',
    },
  });
  // An unhandled rejection is a bug worth an alarm, but not worth the end of all calls.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  let server: RunningServer;
  try {
    server = await startServer(config, log);
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(
        `The configuration cannot be used:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`,
      );
      process.exit(EXIT.configuration);
    }
    log.debug({ err: error }, 'start failed');
    process.stderr.write(`Passerby could not start. ${explainStartFault(error, config)}\n`);
    process.exit(EXIT.error);
  }
  // A supervisor that has read that the server serves may send a signal at once.
  stopOnSignals(server, log);
  process.stdout.write(`\n  Passerby is at ${server.url}\n\n`);
}

/**
 * After SIGTERM the node first hands over its calls and peers to other nodes, if there are any. A second SIGTERM, or
 * SIGINT, stops at once.
 */
function stopOnSignals(server: RunningServer, log: Logger): void {
  let stops = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stops) return;
    stops = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('stopping took too long');
      process.exit(EXIT.error);
    }, STOP_MS).unref();
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(EXIT.error);
      },
    );
  };
  process.once('SIGTERM', (signal) => {
    // Alone there is nobody to hand over to, and the drain is over at once.
    if (server.hasOtherNodes()) log.info({ signal }, 'handing over to other nodes');
    process.once('SIGTERM', stop);
    void server.drain().then(() => stop(signal));
  });
  process.once('SIGINT', stop);
}

void main();
