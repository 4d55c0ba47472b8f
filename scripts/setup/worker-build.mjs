import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SetupFailure } from './failure.mjs';
import { inProject } from './project.mjs';
import { mustRun } from './run-program.mjs';
import { ensurePackages } from './system-packages.mjs';
import { isDebianLike } from './system-release.mjs';

const BYTES_PER_JOB = 1024 ** 3;

const PACKAGES = [
  'meson',
  'ninja-build',
  'pkg-config',
  'g++',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
];

/** Every change to the worker's own files: its text has to be there exactly once. */
const EDITS = [
  {
    // Debian 12 has Meson 1.0.1, which has all that this build uses.
    file: 'meson.build',
    from: "meson_version: '>= 1.1.0'",
    to: "meson_version: '>= 1.0.0'",
  },
  {
    // With kernel TLS compiled in, as distributions do, OpenSSL asks this callback whether kernel TLS is on,
    // with BIO_CB_RETURN as one bit among others. Untouched it says yes, and the first DTLS handshake
    // crashes for want of a write buffer.
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN)',
    to: '(operationType & BIO_CB_RETURN)',
  },
  {
    file: 'meson.build',
    from: "cpp_args: cpp_args + ['-DMS_EXECUTABLE'],",
    to: "cpp_args: cpp_args + ['-DMS_EXECUTABLE'],\n  cpp_pch: 'precompiled/worker.hpp',",
  },
  {
    file: 'deps/libwebrtc/meson.build',
    from: 'cpp_args: cpp_args,',
    to: "cpp_args: cpp_args,\n  cpp_pch: 'precompiled/libwebrtc.hpp',",
  },
];

const ELSEWHERE =
  'let this machine reach github.com, where mediasoup keeps ready-made workers, or set MEDIASOUP_WORKER_BIN ' +
  'to a mediasoup-worker program of your own.';

/** Makes sure that the build has its compiler and libraries, or says what is missing. */
export async function ensureBuildPackages() {
  if (!isDebianLike()) {
    const system = 'only Debian, Ubuntu and their relatives are supported for that';
    throw new SetupFailure(
      `No ready-made media worker could be had, and it can't be built from source here: ${system}.`,
      { remedy: ELSEWHERE },
    );
  }
  await ensurePackages(PACKAGES, 'Building the media worker');
}

function edit(folder, { file, from, to }) {
  const place = path.join(folder, file);
  const pieces = fs.readFileSync(place, 'utf8').split(from);
  if (pieces.length !== 2) {
    throw new SetupFailure(
      `This version of mediasoup can't be built here: ${file} has "${from}" ${pieces.length - 1} times, not once.`,
      { remedy: ELSEWHERE },
    );
  }
  fs.writeFileSync(place, pieces.join(to));
}

/**
 * Copies the worker's sources and makes them use the system's libraries: each library that the sources
 * would download is replaced by a small Meson project of the same name which points at the system's.
 */
function prepareSources(folder) {
  const original = inProject('node_modules', 'mediasoup', 'worker');
  const isSource = (file) => !['out', 'prebuild'].includes(path.relative(original, file));
  fs.cpSync(original, folder, { recursive: true, filter: isSource });
  const additions = inProject('scripts', 'setup', 'worker');
  const put = (from, to) => fs.cpSync(path.join(additions, from), path.join(folder, to), { recursive: true });
  fs.rmSync(path.join(folder, 'subprojects'), { recursive: true });
  put('subprojects', 'subprojects');
  put('precompiled/worker.hpp', 'precompiled/worker.hpp');
  put('precompiled/libwebrtc.hpp', 'deps/libwebrtc/precompiled/libwebrtc.hpp');
  for (const change of EDITS) edit(folder, change);
}

/** One compiler per core, but no more than the memory holds. */
function parallelJobs() {
  return Math.max(1, Math.min(os.cpus().length, Math.floor(os.totalmem() / BYTES_PER_JOB)));
}

/** Compiles the worker in `folder` and returns the program's path; `say` hears how far it is. */
export async function buildWorker(folder, say) {
  const words = { failure: 'The media worker could not be built from its sources.', remedy: ELSEWHERE };
  const onLine = (line) => {
    const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
    if (done) say(`${Math.floor((100 * done) / all)} %`);
  };
  prepareSources(folder);
  const setup = ['setup', 'build', '--buildtype', 'release', '-Db_ndebug=true', '--wrap-mode', 'nodownload'];
  await mustRun('meson', setup, words, { cwd: folder });
  const ninja = (target, options) =>
    mustRun('ninja', ['-C', 'build', '-j', `${parallelJobs()}`, target], words, { cwd: folder, ...options });
  // The worker's build does not say that libwebrtc reads the generated headers, so with many cores it
  // could be compiled before they are there.
  await ninja('fbs/FBS/worker.h');
  await ninja('mediasoup-worker', { onLine });
  const program = path.join(folder, 'build', 'mediasoup-worker');
  await mustRun('strip', [program], words);
  return program;
}
