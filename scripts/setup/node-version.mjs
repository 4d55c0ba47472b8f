import { SetupFailure } from './failure.mjs';

/**
 * The bundler and the test tools load ES modules with require(), which Node does without a flag from
 * 20.19 and 22.12 on, and in no version of the line between them.
 */
const OLDEST_MINOR = { 20: 19, 22: 12 };
const UNSUPPORTED_MAJOR = 21;

export function isSupportedNode(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  if (major < 20 || major === UNSUPPORTED_MAJOR) return false;
  return minor >= (OLDEST_MINOR[major] ?? 0);
}

export function checkNodeVersion() {
  if (isSupportedNode(process.version)) return;
  throw new SetupFailure(`Passerby needs Node 20.19 or newer, and this is Node ${process.version}.`, {
    remedy: 'install Node 24 (or a current 22 or 20) and run the same command again.',
  });
}
