import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '../words';
import { browserTools, invite, type InvitationResult } from './invitation';

/** Passes on the link to this site: by the device's own dialog, or by copying it, or by showing it. */
export function InviteButton() {
  const words = useWords();
  const [result, setResult] = useState<InvitationResult | null>(null);
  const url = new URL('/', window.location.href).href;
  const data = { title: words.say('app.name'), text: words.say('invite.text'), url };
  return (
    <>
      <button
        type="button"
        className="btn btn--quiet"
        data-testid="invite-button"
        onClick={() => void invite(browserTools(), data).then(setResult)}
      >
        <UserPlus className="i" aria-hidden="true" />
        {words.say('invite.button')}
      </button>
      <span className="while__said" role="status">
        {result === 'copied' ? words.say('invite.copied') : ''}
      </span>
      {result === 'shown' ? (
        <label className="while__link">
          <span>{words.say('invite.link')}</span>
          <input
            className="chip chip--input"
            readOnly
            value={url}
            data-testid="invite-link"
            onFocus={(event) => event.target.select()}
          />
        </label>
      ) : null}
    </>
  );
}
