import { useId } from 'react';
import type { Mode } from '../../../../src/protocol';
import { NEEDED_DEVICES } from '../engine/needed-devices';
import type { ChoosableKind, DeviceKind, Devices, ListedDevice } from '../engine/state';
import { useWords } from '../words';
import { LevelMeter, type Level } from './LevelMeter';

/** Chrome lists the system's default a second time, under this id. */
const DEFAULT = 'default';

/** Which camera, microphone and speaker are used, with what is the matter with them. */
export function DeviceChoice({
  mode,
  devices,
  level,
  onChoose,
}: {
  /** A call offers only what it uses. */
  mode: Mode;
  devices: Devices;
  level: Level;
  onChoose: (kind: ChoosableKind, deviceId: string) => void;
}) {
  const words = useWords();
  const speakers = devices.speakers.filter(({ id }) => id !== '' && id !== DEFAULT);
  return (
    <>
      {NEEDED_DEVICES[mode].map((kind) => (
        <DeviceList
          key={kind}
          kind={kind}
          choices={kind === 'camera' ? devices.cameras : devices.microphones}
          devices={devices}
          onChange={(deviceId) => onChoose(kind, deviceId)}
        />
      ))}
      {devices.microphone.state === 'ready' ? (
        <p className="setting">
          <span>{words.say('settings.level')}</span>
          <span className="setting__value">
            <LevelMeter level={level} inWords />
          </span>
        </p>
      ) : null}
      {speakers.length > 0 ? (
        <Setting label={words.say('settings.speaker')}>
          {(id) => (
            <select
              id={id}
              className="select"
              value={devices.speaker}
              onChange={(event) => onChoose('speaker', event.target.value)}
            >
              <option value="">{words.say('settings.speaker.default')}</option>
              {speakers.map((speaker, index) => (
                <option key={speaker.id} value={speaker.id}>
                  {speaker.label || words.say('settings.speaker.nth', { count: index + 1 })}
                </option>
              ))}
            </select>
          )}
        </Setting>
      ) : null}
    </>
  );
}

function DeviceList({
  kind,
  choices,
  devices,
  onChange,
}: {
  kind: DeviceKind;
  choices: readonly ListedDevice[];
  devices: Devices;
  onChange: (deviceId: string) => void;
}) {
  const words = useWords();
  const device = devices[kind];
  const chosen = device.state === 'ready' ? device.deviceId : '';
  const known = choices.filter(({ id }) => id !== '');
  const isListed = known.some(({ id }) => id === chosen);
  return (
    <>
      <Setting label={words.say(`settings.${kind}`)}>
        {(id) => (
          <select
            id={id}
            className="select"
            value={chosen}
            disabled={known.length === 0}
            onChange={(event) => onChange(event.target.value)}
          >
            {isListed ? null : <option value={chosen}>{words.say(unlisted(choices, known))}</option>}
            {known.map((choice, index) => (
              <option key={choice.id} value={choice.id}>
                {choice.label || words.say(`settings.${kind}.nth`, { count: index + 1 })}
              </option>
            ))}
          </select>
        )}
      </Setting>
      <DeviceProblemLine kind={kind} devices={devices} />
    </>
  );
}

/** What a list says where none of its devices is in use. */
const unlisted = (
  choices: readonly ListedDevice[],
  known: readonly ListedDevice[],
): 'settings.none' | 'settings.devices.unasked' | 'settings.choose' => {
  if (choices.length === 0) return 'settings.none';
  return known.length === 0 ? 'settings.devices.unasked' : 'settings.choose';
};

function DeviceProblemLine({ kind, devices }: { kind: DeviceKind; devices: Devices }) {
  const words = useWords();
  const line = problemLine(kind, devices);
  return (
    <p className="setting__problem" role="status">
      {line === null ? '' : words.say(line)}
    </p>
  );
}

function problemLine(kind: DeviceKind, devices: Devices) {
  const device = devices[kind];
  if (device.state === 'faulty') return `device.${kind}.${device.fault}` as const;
  if (device.state !== 'ready' || device.off || device.trouble === undefined) return null;
  if (device.trouble === 'interrupted') return `device.${kind}.interrupted` as const;
  return 'device.microphone.silent' as const;
}

function Setting({ label, children }: { label: string; children: (id: string) => React.ReactNode }) {
  const id = useId();
  return (
    <p className="setting">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </p>
  );
}
