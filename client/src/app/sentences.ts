import type { ErrorCode, Mode } from '../../../src/protocol';
import type { CallView, EngineState, Link, Notice, Phase } from '../engine/state';
import type { Key, PlainKey } from '../words/catalogue';
import type { Words } from '../words/words';
import { ownSteps, type OwnCircle } from './ladder';
import type { Scene } from './scene';

type Searching = Extract<Phase, { phase: 'searching' }>;

/** More than three likes make a heading nobody reads to its end. */
const LIKES_IN_HEADING = 3;

const CIRCLE_HEADING: Readonly<Record<Exclude<OwnCircle, 'interest' | 'plain'>, PlainKey>> = {
  near: 'search.heading.near',
  language: 'search.heading.language',
  anyone: 'search.heading.anyone',
};

/** Who is being looked for at this step of the ladder. */
export function searchHeading(phase: Searching, words: Words): string {
  const { steps, step } = ownSteps(phase);
  const circle = steps[step]?.circle;
  if (step > 0 && circle && circle !== 'interest' && circle !== 'plain') {
    return words.say(CIRCLE_HEADING[circle]);
  }
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

/** What was refused at `at`, and when it is worth trying again where the server has said so. */
export function errorLine(
  error: { code: ErrorCode | 'disconnected'; retryAfterMs?: number | undefined },
  at: number,
  words: Words,
): string {
  const line = words.say(`error.${error.code}`);
  const { retryAfterMs } = error;
  if (retryAfterMs === undefined) return line;
  // Minutes come back with a day or a month, which is a date rather than a wait.
  if (error.code === 'plan_minutes_used') {
    return `${line} ${words.say('plans.left.more', { when: words.moment(at + retryAfterMs) })}.`;
  }
  return `${line} ${words.say('notice.again_in', { time: words.time(retryAfterMs) })}`;
}

/** What is left is said to the minute, and a begun one as a whole: nothing counts down while people talk. */
const minutesLeft = (ms: number, words: Words): string =>
  words.say('time.minutes', { count: Math.max(1, Math.ceil(ms / 60_000)) });

/** `now` only matters to lines about something that runs out. */
export function noticeLine(notice: Notice, words: Words, now = notice.at): string {
  switch (notice.code) {
    case 'plan_minutes_low': {
      const left = (notice.leftMs ?? 0) - (now - notice.at);
      return words.say('notice.plan_minutes_low', { time: minutesLeft(left, words) });
    }
    case 'shutting_down':
    case 'search_expired':
    case 'reported':
    case 'blocked':
    case 'device_lost':
    case 'signed_out':
      return words.say(`notice.${notice.code}`);
    default:
      return errorLine({ ...notice, code: notice.code }, notice.at, words);
  }
}

/** With these a look at the plans is the way on. */
export const concernsPlan = (code: Notice['code']): boolean =>
  code === 'plan_minutes_used' || code === 'plan_needed';

type Parted = Extract<Phase, { phase: 'parted' }>;

/** Whose yes was missing, where only one was. */
function notAccepted({
  call,
}: Parted): 'end.not_accepted' | 'end.not_accepted.they' | 'end.not_accepted.you' {
  if (call.accept?.you === call.accept?.they) return 'end.not_accepted';
  return call.accept?.you ? 'end.not_accepted.they' : 'end.not_accepted.you';
}

export function endLine(phase: Parted, words: Words): string {
  const key: Key = phase.reason === 'not_accepted' ? notAccepted(phase) : `end.${phase.reason}`;
  return words.fill(key, { name: phase.call.partner.name });
}

type Reconnecting = Extract<Link, { state: 'reconnecting' }>;

/** Why the call stands still on this side, and how long it can be gone on with. */
export function callLinkLine({ why, keptUntil }: Reconnecting, now: number, words: Words): string {
  const left = keptUntil === null ? 0 : keptUntil - now;
  const line = words.say(`link.${why}`);
  return left > 0 ? `${line} ${words.say('call.kept', { time: words.time(left) })}` : line;
}

/** The title of the tab says the state, so that it can be read from another tab. */
export function titleOf(scene: Scene, state: EngineState, words: Words): string {
  const parts: string[] = [];
  if (scene.screen === 'page') return `${words.say(`page.${scene.place}`)} · ${words.say('app.name')}`;
  const { phase } = state;
  if (phase.phase === 'call') {
    const { name } = phase.call.partner;
    parts.push(
      phase.call.unread > 0
        ? words.say('call.document.message', { name })
        : words.say('call.document', { name }),
    );
  } else if (phase.phase === 'parted') {
    parts.push(endLine(phase, words));
  } else if (scene.screen === 'searching') {
    parts.push(words.say('search.document'));
  } else if (scene.screen === 'plain') {
    parts.push(words.say(`close.${scene.reason}`));
  } else {
    return `${words.say('app.name')}: ${words.say('landing.document')}`;
  }
  return [...parts, words.say('app.name')].join(' · ');
}
