import { Languages } from 'lucide-react';
import type { CallView } from '../engine/state';
import { useWords } from '../words';

/** More than these would push the question off a small screen. */
const SHOWN = 4;

/** What both have in common: their interests, then the languages that both speak. */
export function SharedChips({ shared }: { shared: CallView['shared'] }) {
  const words = useWords();
  const interests = shared.interests.slice(0, SHOWN);
  const left = shared.interests.length - interests.length;
  if (interests.length === 0 && shared.languages.length === 0) return null;
  return (
    <ul className="shared" aria-label={words.say('accept.shared')}>
      {interests.map((interest) => (
        <li key={interest} className="tag">
          {interest}
        </li>
      ))}
      {left > 0 ? <li className="tag">{words.say('accept.shared.more', { count: left })}</li> : null}
      {shared.languages.length > 0 ? (
        <li className="tag">
          <Languages className="i" aria-hidden="true" />
          {words.list(shared.languages.slice(0, SHOWN).map(words.languageName), 'and')}
        </li>
      ) : null}
    </ul>
  );
}
