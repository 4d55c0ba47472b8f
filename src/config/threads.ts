/** Of Node.js itself. A disk that hangs holds a thread for each write; name look-ups and hashes need some as well. */
const THREADS = '24';

/**
 * Gives Node.js enough threads for files, names and hashes. Node.js reads the variable when it first needs one of them, so
 * this comes before anything else. An operator's own figure stays.
 */
export function makeRoomForThreads(environment: NodeJS.ProcessEnv = process.env): void {
  environment['UV_THREADPOOL_SIZE'] ??= THREADS;
}
