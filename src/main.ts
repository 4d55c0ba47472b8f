import pino, { type LoggerOptions } from 'pino';
import { ConfigError, makeRoomForThreads, readConfig, type Config } from './config';
import { explainStartFault, startServer, type RunningServer } from './server';
import { LineWriter } from './server/line-writer';
import { SignalWatch } from './server/signal-watch';

/** Exit codes: 1 an error while starting or running, 2 a configuration that cannot be used. */
const EXIT = { error: 1, configuration: 2 } as const;

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
  makeRoomForThreads();
  // Nobody who reads what is written here may end or stop the process, and there is nowhere left to report such an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const config = configOrExit();
  const output = new LineWriter();
  const exit = (code: number): void => void output.flushed().then(() => process.exit(code));
  const log = pino(logOptions(config), output);
  // An unhandled rejection is a bug worth an alarm, but not worth the end of all calls.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  const signals = new SignalWatch(log, exit);
  let server: RunningServer;
  try {
    server = await startServer(config, log);
  } catch (error) {
    log.debug({ err: error }, 'start failed');
    await output.flushed();
    if (error instanceof ConfigError) {
      process.stderr.write(
        `The configuration cannot be used:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`,
      );
      process.exit(EXIT.configuration);
    }
    process.stderr.write(`Passerby could not start. ${explainStartFault(error, config)}\n`);
    return exit(EXIT.error);
  }
  // A supervisor that has read that the server serves may send a signal at once.
  signals.serving(server);
  output.write(`\n  Passerby is at ${server.url}\n\n`);
}

const logOptions = (config: Config): LoggerOptions => ({
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

void main();
