import type { Phase } from '../engine/state';
import { INTERESTS_IN_HEADING } from '../messages/shared-interests';
import type { PlainKey, Words } from '../words';
import { shownSteps, type ShownCircle } from './search-steps';

type Searching = Extract<Phase, { phase: 'searching' }>;

const CIRCLE_HEADING: Readonly<Record<Exclude<ShownCircle, 'interest' | 'plain'>, PlainKey>> = {
  near: 'search.heading.near',
  language: 'search.heading.language',
  anyone: 'search.heading.anyone',
};

/** Whom the search looks for at its current step. */
export function searchHeading(phase: Searching, words: Words): string {
  const { steps, step } = shownSteps(phase);
  const circle = steps[step]?.circle;
  if (step > 0 && circle && circle !== 'interest' && circle !== 'plain') {
    return words.say(CIRCLE_HEADING[circle]);
  }
  if (phase.likes.length === 0) return words.say('search.heading');
  const likes = words.list(phase.likes.slice(0, INTERESTS_IN_HEADING), 'or');
  return words.say('search.heading.likes', { likes });
}
