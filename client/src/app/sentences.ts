import type { Circle, Mode } from '../../../src/protocol';
import type { CallView, EngineState, Notice, Phase } from '../engine/state';
import type { Key, PlainKey } from '../words/catalogue';
import type { Words } from '../words/words';
import type { Scene } from './scene';

type Searching = Extract<Phase, { phase: 'searching' }>;

/** More than three likes make a heading nobody reads to its end. */
const LIKES_IN_HEADING = 3;

const CIRCLE_HEADING: Readonly<Record<Exclude<Circle, 'interest'>, PlainKey>> = {
  near: 'search.heading.near',
  language: 'search.heading.language',
  anyone: 'search.heading.anyone',
};

/** Who is being looked for at this step of the ladder. */
export function searchHeading(phase: Searching, words: Words): string {
  const circle = phase.steps[phase.step]?.circle;
  if (phase.step > 0 && circle && circle !== 'interest') return words.say(CIRCLE_HEADING[circle]);
  if (phase.likes.length === 0) return words.say('search.heading');
  const likes = words.list(phase.likes.slice(0, LIKES_IN_HEADING), 'or');
  return words.say('search.heading.likes', { likes });
}

/** What two people share, as one line, or null where that is nothing. */
export function foundHeading(call: CallView, words: Words): string {
  const { interests, languages } = call.shared;
  if (interests.length > 0) {
    return words.say('found.likes', { likes: words.list(interests.slice(0, LIKES_IN_HEADING), 'and') });
  }
  if (languages.length === 0) return words.say('found.heading');
  return words.say('found.languages', { languages: words.list(languages.map(words.languageName), 'and') });
}

const ACCEPT_OPENS: Readonly<Record<Mode, PlainKey>> = {
  video: 'accept.open.video',
  audio: 'accept.open.audio',
  text: 'accept.open.text',
};

export function sharedLine(call: CallView, words: Words): string | null {
  const likes = words.list(call.shared.interests.slice(0, LIKES_IN_HEADING), 'and');
  const languages = words.list(call.shared.languages.map(words.languageName), 'and');
  if (likes !== '' && languages !== '') return words.say('accept.both', { likes, languages });
  if (likes !== '') return words.say('accept.likes', { likes });
  return languages === '' ? null : words.say('accept.languages', { languages });
}

export function acceptLine(call: CallView, words: Words): string {
  return [sharedLine(call, words), words.say(ACCEPT_OPENS[call.mode])].filter(Boolean).join(' ');
}

export function noticeLine(notice: Notice, words: Words): string {
  const key = (
    words.has(`notice.${notice.code}`) ? `notice.${notice.code}` : `error.${notice.code}`
  ) as PlainKey;
  const line = words.say(key);
  if (notice.retryAfterMs === undefined) return line;
  return `${line} ${words.say('notice.again_in', { time: words.time(notice.retryAfterMs) })}`;
}

export const endLine = (phase: Extract<Phase, { phase: 'parted' }>, words: Words): string =>
  words.fill(`end.${phase.reason}` satisfies Key, { name: phase.call.partner.name });

/** The title of the tab says the state, so that it can be read from another tab. */
export function titleOf(scene: Scene, state: EngineState, words: Words): string {
  const parts: string[] = [];
  const { phase } = state;
  if (phase.phase === 'call') {
    const { name } = phase.call.partner;
    parts.push(
      phase.call.unread > 0
        ? words.say('call.document.message', { name })
        : words.say('call.document', { name }),
    );
  } else if (phase.phase === 'parted') {
    parts.push(words.say('call.document.gone', { name: phase.call.partner.name }));
  } else if (scene.screen === 'searching') {
    parts.push(words.say('search.document'));
  } else if (scene.screen === 'plain') {
    parts.push(words.say(`close.${scene.reason}`));
  } else {
    return `${words.say('app.name')}: ${words.say('landing.document')}`;
  }
  return [...parts, words.say('app.name')].join(' · ');
}
