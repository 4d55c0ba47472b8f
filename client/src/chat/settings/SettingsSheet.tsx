import { useId } from 'react';
import type { Devices, DeviceState } from '../engine/state';
import type { Theme } from '../../ui/preferences/preferences';
import { LANGUAGES } from '../../ui/words/languages';
import { useWords } from '../words';
import { LevelMeter, type Level } from '../devices/LevelMeter';
import { usePreferences } from '../../ui/preferences/PreferencesProvider';
import { Sheet } from '../../ui/parts/Sheet';
import { Switch } from '../../ui/parts/Switch';

const THEMES: readonly Theme[] = ['system', 'dark', 'light'];

const idOf = (device: DeviceState): string => (device.state === 'ready' ? device.deviceId : '');

/** Settings for the devices, for calls, and for the page itself. */
export function SettingsSheet({
  devices,
  blurFirst,
  level,
  onDevice,
  onBlurFirst,
  onClose,
}: {
  devices: Devices;
  blurFirst: boolean;
  level: Level;
  onDevice: (kind: 'camera' | 'microphone', deviceId: string) => void;
  onBlurFirst: (blurFirst: boolean) => void;
  onClose: () => void;
}) {
  const words = useWords();
  const { preferences, prefer } = usePreferences();
  const id = useId();
  return (
    <Sheet heading={words.say('settings.heading')} onClose={onClose}>
      <h3 className="sheet__part">{words.say('settings.devices')}</h3>
      <DeviceList
        label={words.say('settings.camera')}
        nth={(count) => words.say('settings.camera.nth', { count })}
        choices={devices.cameras}
        chosen={idOf(devices.camera)}
        onChange={(deviceId) => onDevice('camera', deviceId)}
      />
      <DeviceList
        label={words.say('settings.microphone')}
        nth={(count) => words.say('settings.microphone.nth', { count })}
        choices={devices.microphones}
        chosen={idOf(devices.microphone)}
        onChange={(deviceId) => onDevice('microphone', deviceId)}
      />
      {devices.microphone.state === 'ready' ? (
        <p className="setting">
          <span>{words.say('settings.level')}</span>
          <span className="setting__value">
            <LevelMeter level={level} inWords />
          </span>
        </p>
      ) : null}
      <h3 className="sheet__part">{words.say('settings.meeting')}</h3>
      <Switch
        label={words.say('settings.blur')}
        more={words.say('settings.blur.more')}
        on={blurFirst}
        onChange={onBlurFirst}
      />
      <Switch
        label={words.say('settings.country')}
        more={words.say('settings.country.more')}
        on={preferences.showCountry}
        onChange={(showCountry) => prefer({ showCountry })}
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
      <Switch
        label={words.say('settings.letters')}
        more={words.say('settings.letters.more')}
        on={preferences.letters}
        onChange={(letters) => prefer({ letters })}
      />
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}

function DeviceList({
  label,
  nth,
  choices,
  chosen,
  onChange,
}: {
  label: string;
  nth: (count: number) => string;
  choices: readonly { id: string; label: string }[];
  chosen: string;
  onChange: (deviceId: string) => void;
}) {
  const words = useWords();
  const id = useId();
  const known = choices.filter((choice) => choice.id !== '');
  return (
    <p className="setting">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="select"
        value={chosen}
        disabled={known.length === 0}
        onChange={(event) => onChange(event.target.value)}
      >
        {known.some((choice) => choice.id === chosen) ? null : (
          <option value={chosen}>
            {words.say(choices.length === 0 ? 'settings.none' : 'settings.devices.unasked')}
          </option>
        )}
        {known.map((choice, index) => (
          <option key={choice.id} value={choice.id}>
            {choice.label || nth(index + 1)}
          </option>
        ))}
      </select>
    </p>
  );
}
