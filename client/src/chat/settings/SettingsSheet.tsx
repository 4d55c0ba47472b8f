import { useId } from 'react';
import type { Mode } from '../../../../src/protocol';
import type { ChoosableKind, Devices } from '../engine/state';
import type { Theme } from '../../ui/preferences/preferences';
import { LANGUAGES } from '../../ui/words/languages';
import { useWords } from '../words';
import { CountrySwitch } from './CountrySwitch';
import { DeviceChoice } from '../devices/DeviceChoice';
import type { Level } from '../devices/LevelMeter';
import { usePreferences } from '../../ui/preferences/PreferencesProvider';
import { Sheet } from '../../ui/parts/Sheet';
import { Switch } from '../../ui/parts/Switch';

const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

/** Settings for the devices, for calls, and for the page itself. */
export function SettingsSheet({
  mode,
  devices,
  blurFirst,
  hasCountry,
  level,
  onDevice,
  onBlurFirst,
  onChooseCountry,
  onClose,
}: {
  /** The chosen mode. Only the devices that it needs are offered. */
  mode: Mode;
  devices: Devices;
  blurFirst: boolean;
  /** The user has said which country is theirs. */
  hasCountry: boolean;
  level: Level;
  onDevice: (kind: ChoosableKind, deviceId: string) => void;
  onBlurFirst: (blurFirst: boolean) => void;
  /** Null where the country cannot be chosen from: in a search and in a call. */
  onChooseCountry: (() => void) | null;
  onClose: () => void;
}) {
  const words = useWords();
  const { preferences, prefer } = usePreferences();
  const id = useId();
  return (
    <Sheet heading={words.say('settings.heading')} onClose={onClose}>
      {mode === 'text' ? null : (
        <>
          <h3 className="sheet__part">
            {words.say(mode === 'video' ? 'settings.devices' : 'devices.heading')}
          </h3>
          <DeviceChoice mode={mode} devices={devices} level={level} onChoose={onDevice} />
        </>
      )}
      <h3 className="sheet__part">{words.say('settings.meeting')}</h3>
      <Switch
        label={words.say('settings.blur')}
        more={words.say('settings.blur.more')}
        on={blurFirst}
        onChange={onBlurFirst}
      />
      <CountrySwitch
        more={words.say('settings.country.more')}
        isChosen={hasCountry}
        onChoose={onChooseCountry}
      />
      <Switch
        label={words.say('settings.sounds')}
        more={words.say('settings.sounds.more')}
        on={preferences.sounds}
        onChange={(sounds) => prefer({ sounds })}
      />
      <h3 className="sheet__part">{words.say('settings.page')}</h3>
      <p className="setting">
        <label htmlFor={`${id}language`}>{words.say('settings.language')}</label>
        <select
          id={`${id}language`}
          className="select"
          value={words.language}
          onChange={(event) => prefer({ language: event.target.value })}
        >
          {LANGUAGES.map((language) => (
            <option key={language.tag} value={language.tag} lang={language.tag}>
              {language.name}
            </option>
          ))}
        </select>
      </p>
      <p className="setting">
        <label htmlFor={`${id}theme`}>{words.say('settings.theme')}</label>
        <select
          id={`${id}theme`}
          className="select"
          value={preferences.theme}
          onChange={(event) => prefer({ theme: event.target.value as Theme })}
        >
          {THEMES.map((theme) => (
            <option key={theme} value={theme}>
              {words.say(`theme.${theme}`)}
            </option>
          ))}
        </select>
      </p>
      <div className="keyboard-only">
        <h3 className="sheet__part">{words.say('settings.keys')}</h3>
        <Switch
          label={words.say('settings.letters')}
          more={words.say('settings.letters.more')}
          on={preferences.letters}
          onChange={(letters) => prefer({ letters })}
        />
      </div>
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}
