import { createHash } from 'node:crypto';

/**
 * The id of the one report that somebody may make about a call. It follows from both, so that a repeated report is known
 * at whichever node it arrives, after a restart as well.
 */
export function reportIdOf(callId: string, reporterId: string): string {
  const hex = createHash('sha256').update(`${callId} ${reporterId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
