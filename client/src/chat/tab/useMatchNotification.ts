import { useEffect, useRef } from 'react';
import type { Phase } from '../engine/state';
import type { Words } from '../words';
import type { MatchNotifier } from './match-notifier';

/** Shows a notification for a match in a hidden tab, until the user is back or the call is over. */
export function useMatchNotification(
  notifier: MatchNotifier,
  wanted: boolean,
  phase: Phase,
  words: Words,
): void {
  const call = phase.phase === 'call' ? phase.call : null;
  const callId = call?.callId ?? null;
  const latest = useRef({ wanted, call, words });
  latest.current = { wanted, call, words };
  useEffect(() => {
    const { wanted: isWanted, call: found, words: say } = latest.current;
    if (callId === null || found === null || !isWanted || !document.hidden) return undefined;
    const time = found.accept && say.time(found.accept.until - performance.now());
    notifier.show(
      say.say('call.document', { name: found.partner.name }),
      time === null ? say.say('app.name') : say.say('notify.accept', { time }),
    );
    const closeWhenBack = () => {
      if (!document.hidden) notifier.close();
    };
    document.addEventListener('visibilitychange', closeWhenBack);
    return () => {
      document.removeEventListener('visibilitychange', closeWhenBack);
      notifier.close();
    };
  }, [callId, notifier]);
}
