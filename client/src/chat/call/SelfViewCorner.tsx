import { MessageSquare, MicOff, Settings, SwitchCamera, VideoOff } from 'lucide-react';
import { useRef } from 'react';
import { isSending, type CallView, type DeviceState, type Devices } from '../engine/state';
import { SelfView } from '../video/SelfView';
import { useWords, type PlainKey } from '../words';
import { otherCamera } from './other-camera';
import { DEFAULT_CORNER, sideOf } from './own-corner';
import { useOwnCorner } from './useOwnCorner';

/**
 * The self-view in the corner of the partner's window. An unread message is shown above it while the chat is closed.
 */
export function SelfViewCorner({
  call,
  devices,
  chatOpen,
  stays,
  onChat,
  onDevices,
  onCamera,
}: {
  call: CallView;
  devices: Devices;
  chatOpen: boolean;
  /** The window is in its first place, because other things lie where it might be moved to. */
  stays: boolean;
  onChat: () => void;
  onDevices: () => void;
  onCamera: (deviceId: string) => void;
}) {
  const words = useWords();
  const own = useRef<HTMLElement>(null);
  const { corner, handle } = useOwnCorner(own, stays);
  const { camera, cameras } = devices;
  const isFilming = call.mode === 'video' && camera.state === 'ready' && isSending(camera);
  const other = isFilming ? otherCamera(cameras, camera.deviceId) : null;
  const side = words.say(`corner.${sideOf(corner, words.dir)}`);
  const hidden = call.accept !== null;
  const label = words.say(call.mode === 'video' ? 'call.yours' : 'window.you');
  return (
    <>
      {!chatOpen && call.unread > 0 ? (
        <button type="button" className="tag unread" onClick={onChat}>
          <MessageSquare className="i" aria-hidden="true" />
          <span className="unread__words">
            {words.say('chat.unread', { count: call.unread, name: call.partner.name })}
          </span>
        </button>
      ) : null}
      <div className="mine-ring" aria-hidden="true" />
      <section
        ref={own}
        className="mine"
        data-corner={stays ? DEFAULT_CORNER : corner}
        aria-label={label}
        data-hidden={hidden}
      >
        <SelfView mode={call.mode} devices={devices} />
        {stays || call.mode === 'text' ? null : (
          <button
            type="button"
            className="mine__move"
            aria-label={words.say('own.move', { side })}
            {...handle}
          />
        )}
        <OwnTag call={call} devices={devices} onDevices={onDevices} />
        {other === null || hidden ? null : (
          <button
            type="button"
            className="tag tag--ib mine__flip"
            aria-label={words.say('more.camera')}
            onClick={() => onCamera(other)}
          >
            <SwitchCamera className="i" aria-hidden="true" />
          </button>
        )}
      </section>
    </>
  );
}

/** What the partner sees and hears of the user, and the way to the choice of devices. */
function OwnTag({ call, devices, onDevices }: { call: CallView; devices: Devices; onDevices: () => void }) {
  const words = useWords();
  const silent = call.mode !== 'text' && !isSending(devices.microphone);
  const dark = call.mode === 'video' && !isSending(devices.camera);
  const state = ownState(silent, dark, devices);
  const content = (
    <>
      {silent ? <MicOff className="i" aria-hidden="true" /> : null}
      {dark ? <VideoOff className="i" aria-hidden="true" /> : null}
      <span className="word">{words.say(ownWords(call, state))}</span>
      <span className="short">{words.say('window.you')}</span>
    </>
  );
  if (call.mode === 'text') return <span className="tag">{content}</span>;
  return (
    <button type="button" className="tag mine__devices" onClick={onDevices}>
      {content}
      <Settings className="i" aria-hidden="true" />
      <span className="sr">{words.say('devices.open')}</span>
    </button>
  );
}

function ownWords(call: CallView, state: PlainKey | null): PlainKey {
  if (call.accept === null || call.mode === 'text') return state ?? 'window.you';
  return call.mode === 'video' ? 'call.hidden' : 'window.unheard';
}

function ownState(silent: boolean, dark: boolean, { camera, microphone }: Devices): PlainKey | null {
  const isPaused = (device: DeviceState): boolean =>
    device.state === 'ready' && !device.off && device.trouble === 'interrupted';
  if (dark && isPaused(camera)) return 'you.camera_paused';
  if (silent && isPaused(microphone)) return 'you.microphone_paused';
  if (silent) return dark ? 'you.muted_camera_off' : 'you.muted';
  return dark ? 'you.camera_off' : null;
}
