import { MessageSquare, MicOff, SwitchCamera, VideoOff } from 'lucide-react';
import { useRef } from 'react';
import type { CallView, Devices } from '../engine/state';
import { SelfView } from '../video/SelfView';
import { useWords } from '../words';
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
  onCamera,
}: {
  call: CallView;
  devices: Devices;
  chatOpen: boolean;
  /** The window is in its first place, because other things lie where it might be moved to. */
  stays: boolean;
  onChat: () => void;
  onCamera: (deviceId: string) => void;
}) {
  const words = useWords();
  const own = useRef<HTMLElement>(null);
  const { corner, handle } = useOwnCorner(own);
  const { camera, cameras } = devices;
  const isFilming = call.mode === 'video' && camera.state === 'ready' && !camera.off;
  const other = isFilming ? otherCamera(cameras, camera.deviceId) : null;
  const side = words.say(`corner.${sideOf(corner, words.dir)}`);
  const hidden = call.accept !== null;
  const muted = devices.microphone.state !== 'ready' || devices.microphone.off;
  const dark = call.mode === 'video' && (devices.camera.state !== 'ready' || devices.camera.off);
  const silent = call.mode !== 'text' && muted;
  const state =
    silent && dark
      ? words.say('you.muted_camera_off')
      : silent
        ? words.say('you.muted')
        : dark
          ? words.say('you.camera_off')
          : null;
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
        <span className="tag">
          {silent ? <MicOff className="i" aria-hidden="true" /> : null}
          {dark ? <VideoOff className="i" aria-hidden="true" /> : null}
          <span className="word">
            {hidden && call.mode !== 'text'
              ? words.say(call.mode === 'video' ? 'call.hidden' : 'call.unheard')
              : (state ?? words.say('window.you'))}
          </span>
          <span className="short">{words.say('window.you')}</span>
        </span>
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
