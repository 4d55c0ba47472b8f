import { Bell, BellRing } from 'lucide-react';
import { useState } from 'react';
import { usePreferences } from '../../ui/preferences/PreferencesProvider';
import { useServices } from '../services/ServicesProvider';
import { useWords } from '../words';

/** Turns the notification for a match on or off. Browsers ask for permission at the first click. */
export function NotifyButton() {
  const words = useWords();
  const { notifier } = useServices();
  const { preferences, prefer } = usePreferences();
  const [access, setAccess] = useState(() => notifier.access());
  if (access === 'unsupported') return null;
  if (access === 'denied') return <p className="while__said">{words.say('notify.blocked')}</p>;
  const isOn = preferences.notify && access === 'granted';
  const toggle = async () => {
    if (isOn) return prefer({ notify: false });
    const answer = await notifier.ask();
    setAccess(answer);
    if (answer === 'granted') prefer({ notify: true });
  };
  const Icon = isOn ? BellRing : Bell;
  return (
    <>
      <button
        type="button"
        className="btn btn--quiet"
        data-testid="notify-button"
        aria-pressed={isOn}
        onClick={() => void toggle()}
      >
        <Icon className="i" aria-hidden="true" />
        {words.say('notify.button')}
      </button>
      <span className="while__said while__said--on" role="status" data-testid="notify-on">
        {isOn ? words.say('notify.on') : ''}
      </span>
    </>
  );
}
