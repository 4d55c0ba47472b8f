import type { Mode } from '../../../../src/protocol';
import { Sheet } from '../../ui/parts/Sheet';
import type { ChoosableKind, Devices } from '../engine/state';
import { useWords } from '../words';
import { DeviceChoice } from './DeviceChoice';
import type { Level } from './LevelMeter';

/** The choice of devices during a call. */
export function DevicesSheet({
  mode,
  devices,
  level,
  onChoose,
  onClose,
}: {
  mode: Mode;
  devices: Devices;
  level: Level;
  onChoose: (kind: ChoosableKind, deviceId: string) => void;
  onClose: () => void;
}) {
  const words = useWords();
  return (
    <Sheet heading={words.say('devices.heading')} onClose={onClose}>
      <DeviceChoice mode={mode} devices={devices} level={level} onChoose={onChoose} />
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}
