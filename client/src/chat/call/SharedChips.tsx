import { Languages, MapPin } from 'lucide-react';
import type { CallView } from '../engine/state';
import { useWords } from '../words';

/** More than these would push the question off a small screen. */
const SHOWN = 4;

/** What both have in common: their interests, the languages that both speak, and the partner's country if both show theirs. */
export function SharedChips({ call: { shared, partner } }: { call: CallView }) {
  const words = useWords();
  const interests = shared.interests.slice(0, SHOWN);
  const left = shared.interests.length - interests.length;
  if (interests.length === 0 && shared.languages.length === 0 && partner.country === undefined) return null;
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
      {partner.country === undefined ? null : (
        <li className="tag">
          <MapPin className="i" aria-hidden="true" />
          {words.countryName(partner.country)}
        </li>
      )}
    </ul>
  );
}
