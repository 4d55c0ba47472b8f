import { MessageSquare, MicOff, Settings, VideoOff } from 'lucide-react';
import { isSending, type CallView, type DeviceState, type Devices } from '../engine/state';
import { SelfView } from '../video/SelfView';
import { useWords, type PlainKey } from '../words';

/**
 * The self-view in the corner of the partner's window. An unread message is shown above it while the chat is closed.
 */
export function SelfViewCorner({
  call,
  devices,
  chatOpen,
  onChat,
  onDevices,
}: {
  call: CallView;
  devices: Devices;
  chatOpen: boolean;
  onChat: () => void;
  onDevices: () => void;
}) {
  const words = useWords();
  const hidden = call.accept !== null;
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
      <section className="mine" aria-label={words.say('call.yours')} data-hidden={hidden}>
        <SelfView mode={call.mode} devices={devices} />
        <OwnTag call={call} devices={devices} onDevices={onDevices} />
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
      <span className="word">
        {call.accept === null ? words.say(state ?? 'window.you') : words.say('call.hidden')}
      </span>
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

function ownState(silent: boolean, dark: boolean, { camera, microphone }: Devices): PlainKey | null {
  const isPaused = (device: DeviceState): boolean =>
    device.state === 'ready' && !device.off && device.trouble === 'interrupted';
  if (dark && isPaused(camera)) return 'you.camera_paused';
  if (silent && isPaused(microphone)) return 'you.microphone_paused';
  if (silent) return dark ? 'you.muted_camera_off' : 'you.muted';
  return dark ? 'you.camera_off' : null;
}
