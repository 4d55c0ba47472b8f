import type { EngineState } from '../engine/state';
import type { Words } from '../words';
import { callEndMessage } from '../messages/call-messages';
import { foundHeading } from '../messages/shared-interests';
import { noticeMessage } from '../notices/notice-messages';
import { searchHeading } from '../searching/search-heading';
import type { AppScreen } from '../screens/app-screen';

/**
 * The text of the live region: what a screen reader announces when something changes. It contains no running figures,
 * because a text that changes every second would be announced all the time.
 */
export function statusMessage(screen: AppScreen, state: EngineState, words: Words): string {
  const { phase, connection } = state;
  if (screen.screen === 'page') return '';
  if (screen.screen === 'disconnected') return words.say(`close.${screen.reason}`);
  if (phase.phase === 'ended') return callEndMessage(phase, words);
  if (connection.state === 'reconnecting') {
    return `${words.say(`link.${connection.why}`)} ${words.say('link.again')}`;
  }
  if (phase.phase === 'searching') {
    return screen.screen === 'searching' && screen.view.is === 'alone'
      ? words.say('search.alone')
      : searchHeading(phase, words);
  }
  if (phase.phase !== 'call') return '';
  const { call } = phase;
  if (screen.screen === 'searching') return foundHeading(call, words);
  if (call.accept) {
    if (call.accept.they) return words.say('accept.said');
    if (call.accept.you) return words.say('accept.you_said');
    return `${foundHeading(call, words)}. ${words.say('accept.heading', { name: call.partner.name })}`;
  }
  const { name } = call.partner;
  const lines = [
    state.notice?.code === 'plan_minutes_low' ? noticeMessage(state.notice, words) : null,
    call.away === null ? null : words.say('call.away', { name, time: words.time(call.away.graceMs) }),
    call.mode !== 'text' && !call.they.microphone ? words.say('they.microphone_off') : null,
    call.mode === 'video' && !call.they.camera ? words.say('they.camera_off') : null,
  ];
  return lines.filter(Boolean).join(' ');
}
