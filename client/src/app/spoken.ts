import type { EngineState } from '../engine/state';
import type { Words } from '../words/words';
import { endLine, foundHeading, noticeLine, searchHeading } from './sentences';
import type { Scene } from './scene';

/**
 * What a screen reader is told as things change, politely and once. Figures that count are left out: a status
 * that changes every second would never stop talking.
 */
export function spokenStatus(scene: Scene, state: EngineState, words: Words): string {
  const { phase, link } = state;
  if (scene.screen === 'page') return '';
  if (scene.screen === 'plain') return words.say(`close.${scene.reason}`);
  if (phase.phase === 'parted') return endLine(phase, words);
  if (link.state === 'reconnecting') {
    return `${words.say(`link.${link.why}`)} ${words.say('link.again')}`;
  }
  if (phase.phase === 'searching') {
    return scene.screen === 'searching' && scene.view.is === 'alone'
      ? words.say('search.alone')
      : searchHeading(phase, words);
  }
  if (phase.phase !== 'call') return '';
  const { call } = phase;
  if (scene.screen === 'searching') return foundHeading(call, words);
  if (call.accept) {
    if (call.accept.they) return words.say('accept.said');
    return call.accept.you ? words.say('accept.you_said') : '';
  }
  const { name } = call.partner;
  const lines = [
    state.notice?.code === 'plan_minutes_low' ? noticeLine(state.notice, words) : null,
    call.away === null ? null : words.say('call.away', { name, time: words.time(call.away.graceMs) }),
    call.mode !== 'text' && !call.they.microphone ? words.say('they.microphone_off') : null,
    call.mode === 'video' && !call.they.camera ? words.say('they.camera_off') : null,
  ];
  return lines.filter(Boolean).join(' ');
}
