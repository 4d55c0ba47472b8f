import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readOptions, USAGE, type ChaosOptions } from './options';
import { isGood, report } from './report';
import { runChaos } from './run';

/** Beyond the harm itself: starting, settling, the audits and stopping, each of which has a limit of its own. */
const AROUND_MS = 200_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const EXIT = { bad: 1, usage: 2, interrupted: 130 } as const;

/** Processes that were started and have not ended. The parent process is notified too, in case this one dies. */
const running = new Set<number>();

function notifyParent(message: { started: number } | { ended: number }): void {
  if (process.connected) process.send?.(message);
}

function killAll(): void {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  running.clear();
}

function optionsOrExit(): ChaosOptions {
  try {
    const options = readOptions(process.argv.slice(2));
    if (options !== null) return options;
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
    process.exit(EXIT.usage);
  }
}

async function main(): Promise<void> {
  const options = optionsOrExit();
  // Everything that is written lies in here, and goes with the run.
  const folder = mkdtempSync(path.join(tmpdir(), 'passerby-chaos-'));
  process.env['TMPDIR'] = folder;
  process.on('exit', () => {
    killAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  for (const signal of SIGNALS) process.once(signal, () => process.exit(EXIT.interrupted));
  process.once('disconnect', () => process.exit(EXIT.interrupted));
  setTimeout(
    () => {
      process.stderr.write('The run took far too long and was given up.\n');
      process.exit(EXIT.bad);
    },
    options.seconds * 1000 + AROUND_MS,
  ).unref();
  const say = (words: string): void => void process.stdout.write(`${words}\n`);
  say(`${options.people} people on ${options.nodes} nodes for ${options.seconds} s, seed ${options.seed}`);
  const findings = await runChaos(options, {
    say,
    started: (pid) => {
      running.add(pid);
      notifyParent({ started: pid });
    },
    ended: (pid) => {
      running.delete(pid);
      notifyParent({ ended: pid });
    },
  });
  for (const line of report(findings)) say(line);
  // What is left of media in this process must not keep it.
  process.exit(isGood(findings) ? 0 : EXIT.bad);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(EXIT.bad);
});
