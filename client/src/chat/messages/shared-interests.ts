import type { Mode } from '../../../../src/protocol';
import type { CallView } from '../engine/state';
import type { PlainKey, Words } from '../words';

/** Nobody reads a heading with more than three interests to its end. */
export const INTERESTS_IN_HEADING = 3;

/** The interests or languages that both have, as a heading. */
export function foundHeading(call: CallView, words: Words): string {
  const { interests, languages } = call.shared;
  if (interests.length > 0) {
    return words.say('found.likes', { likes: words.list(interests.slice(0, INTERESTS_IN_HEADING), 'and') });
  }
  if (languages.length === 0) return words.say('found.heading');
  return words.say('found.languages', { languages: words.list(languages.map(words.languageName), 'and') });
}

const ACCEPT_OPENS: Readonly<Record<Mode, PlainKey>> = {
  video: 'accept.open.video',
  audio: 'accept.open.audio',
  text: 'accept.open.text',
};

export function sharedMessage(call: CallView, words: Words): string | null {
  const likes = words.list(call.shared.interests.slice(0, INTERESTS_IN_HEADING), 'and');
  const languages = words.list(call.shared.languages.map(words.languageName), 'and');
  if (likes !== '' && languages !== '') return words.say('accept.both', { likes, languages });
  if (likes !== '') return words.say('accept.likes', { likes });
  return languages === '' ? null : words.say('accept.languages', { languages });
}

/** What opens when both have accepted. */
export const acceptOpens = (call: CallView): PlainKey => ACCEPT_OPENS[call.mode];
