import {
  Keyboard,
  Maximize2,
  Minimize2,
  PictureInPicture2,
  Settings2,
  SwitchCamera,
  type LucideIcon,
} from 'lucide-react';
import { useId } from 'react';
import { Sheet } from '../../ui/parts/Sheet';
import { isSending, type CallView, type Devices } from '../engine/state';
import { useVideoHosts } from '../video/VideoProvider';
import { useWords } from '../words';
import { otherCamera } from './other-camera';
import { usePictureInPicture } from './usePictureInPicture';

/**
 * What is needed less often than the buttons under the videos: the partner's volume, the other camera, the view. A text
 * call has none of these, and so no way here.
 */
export function MoreSheet({
  call,
  devices,
  full,
  onFull,
  onCamera,
  onDevices,
  onKeys,
  onClose,
}: {
  call: CallView;
  devices: Devices;
  full: boolean;
  onFull: (() => void) | null;
  onCamera: (deviceId: string) => void;
  onDevices: () => void;
  onKeys: () => void;
  onClose: () => void;
}) {
  const words = useWords();
  const { camera, cameras } = devices;
  const pictureInPicture = usePictureInPicture(call);
  const isOn = call.mode === 'video' && camera.state === 'ready' && isSending(camera);
  const other = isOn ? otherCamera(cameras, camera.deviceId) : null;
  // The sheet lies above the whole page, so it closes before anything changes under it.
  const after = (action: () => void) => () => {
    onClose();
    action();
  };
  return (
    <Sheet heading={words.say('more.heading')} onClose={onClose}>
      <Volume />
      <ul className="more">
        {other === null ? null : (
          <More icon={SwitchCamera} word={words.say('more.camera')} onClick={after(() => onCamera(other))} />
        )}
        <More icon={Settings2} word={words.say('devices.open')} onClick={after(onDevices)} />
        {pictureInPicture === null ? null : (
          <More icon={PictureInPicture2} word={words.say('more.pip')} onClick={after(pictureInPicture)} />
        )}
        {onFull === null ? null : (
          <More
            icon={full ? Minimize2 : Maximize2}
            word={words.say(full ? 'control.full.leave' : 'control.full')}
            onClick={after(onFull)}
          />
        )}
        <More
          icon={Keyboard}
          word={words.say('keys.heading')}
          className="more__keys"
          onClick={after(onKeys)}
        />
      </ul>
    </Sheet>
  );
}

function More({
  icon: Icon,
  word,
  className = '',
  onClick,
}: {
  icon: LucideIcon;
  word: string;
  className?: string;
  onClick: () => void;
}) {
  return (
    <li className={className}>
      <button type="button" className="more__act" onClick={onClick}>
        <Icon className="i" aria-hidden="true" />
        {word}
      </button>
    </li>
  );
}

function Volume() {
  const words = useWords();
  const id = useId();
  const { volume, setVolume } = useVideoHosts();
  const percent = Math.round(volume * 100);
  return (
    <p className="setting volume">
      <label htmlFor={id}>{words.say('more.volume')}</label>
      <span className="setting__value">
        <input
          id={id}
          type="range"
          min={0}
          max={100}
          step={5}
          value={percent}
          aria-valuetext={words.say('more.volume.value', { percent: String(percent) })}
          onChange={(event) => setVolume(Number(event.target.value) / 100)}
        />
        <span className="num" aria-hidden="true">
          {words.say('more.volume.value', { percent: String(percent) })}
        </span>
      </span>
    </p>
  );
}
