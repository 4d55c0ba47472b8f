import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually';
import { spawnNode, type NodeProcess } from '../support/process';

const nodes: NodeProcess[] = [];
const shells: { readonly child: ChildProcess; readonly dataDir: string }[] = [];
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.remove();
  for (const { child, dataDir } of shells.splice(0)) {
    // The shell and what it started are one group.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
});

async function serving(): Promise<NodeProcess> {
  const node = await spawnNode();
  nodes.push(node);
  await node.serving;
  return node;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The server under a shell, where `$NODE` stands for it; resolves with its address when it answers. */
async function underShell(command: string): Promise<string> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'passerby-test-'));
  const port = await freePort();
  const child = spawn(
    'bash',
    ['-c', command.replace('$NODE', `'${process.execPath}' build/server/main.js`)],
    {
      cwd: path.resolve(__dirname, '../..'),
      env: { ...process.env, PORT: String(port), RTC_PORT: '0', MEDIA_WORKERS: '1', DATA_DIR: dataDir },
      stdio: 'ignore',
      detached: true,
    },
  );
  shells.push({ child, dataDir });
  const url = `http://127.0.0.1:${port}/videochat/health`;
  await eventually(() => answers(url), 40_000);
  return url;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(5_000), headers: { 'x-forwarded-for': '192.0.2.1' } }).then(
    ({ ok }) => ok,
    () => false,
  );

test('O1 the end of the terminal (SIGHUP) is an orderly stop', async () => {
  const node = await serving();
  node.child.kill('SIGHUP');
  expect(await node.ended).toBe(0);
  expect(node.output()).toContain('"msg":"stopping"');
}, 60_000);

test.each(['SIGINT', 'SIGTERM'] as const)(
  'O1 %s that comes twice and thrice at once, as under npm, is one orderly stop',
  async (signal) => {
    const node = await serving();
    for (let times = 0; times < 3; times += 1) node.child.kill(signal);
    expect(await node.ended).toBe(0);
  },
  60_000,
);

test('O1 a signal in the middle of the start closes what was opened, and the process ends in order', async () => {
  const node = await spawnNode();
  nodes.push(node);
  // This is logged while adapters are opened.
  await eventually(() => node.output().includes('clients are told to send media'), 40_000);
  node.child.kill('SIGINT');
  expect(await node.ended).toBe(0);
}, 60_000);

test.each([
  ['is closed by its reader', '$NODE 2>&1 | head -c 1; sleep 60'],
  ['is read by nobody', '$NODE 2>&1 | sleep 60'],
  ['is closed from the beginning', '$NODE >&- 2>&-'],
  ['is a full disk', '$NODE >/dev/full 2>&1'],
])(
  'O4 the server goes on when its output %s',
  async (_what, command) => {
    const url = await underShell(`export LOG_LEVEL=trace; ${command}`);
    for (let times = 0; times < 5; times += 1) {
      await sleep(100);
      expect(await answers(url)).toBe(true);
    }
  },
  60_000,
);

test('O4 connections that use up the file descriptors end nothing: it is said, and it passes', async () => {
  const node = await spawnNode();
  nodes.push(node);
  const url = new URL(await node.serving);
  const limit = spawn('prlimit', ['--pid', String(node.child.pid), '--nofile=70:70']);
  await new Promise((resolve) => limit.once('exit', resolve));
  const sockets: Socket[] = [];
  const visit = (): void =>
    void sockets.push(connect(Number(url.port), '127.0.0.1').on('error', () => undefined));
  for (let count = 0; count < 120; count += 1) visit();
  // More come all the time: a descriptor that something else gives back is used up, too.
  const visits = setInterval(visit, 100);
  await eventually(() => node.output().includes('no file descriptor is left'));
  clearInterval(visits);
  for (const socket of sockets) socket.destroy();
  await eventually(() => answers(`http://127.0.0.1:${url.port}/videochat/health`));
  await eventually(() => node.output().includes('there are file descriptors again'));
}, 60_000);
