import type { EngineState } from '../engine/state';
import { callEndMessage } from '../messages/call-messages';
import type { AppScreen } from '../screens/app-screen';
import type { Words } from '../words';

/** The title of the tab names the state, so that it can be read from another tab. */
export function documentTitle(screen: AppScreen, state: EngineState, words: Words): string {
  const parts: string[] = [];
  if (screen.screen === 'page') return `${words.say(`page.${screen.route}`)} · ${words.say('app.name')}`;
  const { phase } = state;
  if (phase.phase === 'call') {
    const { name } = phase.call.partner;
    parts.push(
      phase.call.unread > 0
        ? words.say('call.document.message', { name })
        : words.say('call.document', { name }),
    );
  } else if (phase.phase === 'ended') {
    parts.push(callEndMessage(phase, words));
  } else if (screen.screen === 'searching') {
    parts.push(words.say('search.document'));
  } else if (screen.screen === 'disconnected') {
    parts.push(words.say(`close.${screen.reason}`));
  } else {
    return `${words.say('app.name')}: ${words.say('landing.document')}`;
  }
  return [...parts, words.say('app.name')].join(' · ');
}
