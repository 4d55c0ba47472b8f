import type { ConnectionState, Phase } from '../engine/state';
import type { Key, Words } from '../words';

type EndedPhase = Extract<Phase, { phase: 'ended' }>;

/** Which of the two has not accepted, where only one of them has. */
function notAccepted({
  call,
}: EndedPhase): 'end.not_accepted' | 'end.not_accepted.they' | 'end.not_accepted.you' {
  if (call.accept?.you === call.accept?.they) return 'end.not_accepted';
  return call.accept?.you ? 'end.not_accepted.they' : 'end.not_accepted.you';
}

function endKey(phase: EndedPhase): Key {
  const { reason, call } = phase;
  if (reason === 'not_accepted') return notAccepted(phase);
  return reason === 'media_failed' && call.mode === 'audio' ? 'end.media_failed.audio' : `end.${reason}`;
}

export function callEndMessage(phase: EndedPhase, words: Words): string {
  const key = endKey(phase);
  return words.fill(key, { name: phase.call.partner.name });
}

/** What the call's screen is called. Nobody is talked with any more once the call has ended. */
export function callHeading(
  unopened: boolean,
  ended: boolean,
): 'accept.heading' | 'call.heading' | 'call.heading.ended' {
  if (unopened) return 'accept.heading';
  return ended ? 'call.heading.ended' : 'call.heading';
}

type Reconnecting = Extract<ConnectionState, { state: 'reconnecting' }>;

/** Why this side is disconnected, and how long the call can still be resumed. */
export function reconnectingMessage({ why, keptUntil }: Reconnecting, now: number, words: Words): string {
  const left = keptUntil === null ? 0 : keptUntil - now;
  const line = words.say(`link.${why}`);
  return left > 0 ? `${line} ${words.say('call.kept', { time: words.time(left) })}` : line;
}
