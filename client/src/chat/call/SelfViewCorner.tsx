import { MessageSquare, MicOff, VideoOff } from 'lucide-react';
import type { CallView, Devices } from '../engine/state';
import { SelfView } from '../video/SelfView';
import { useWords } from '../words';

/**
 * The self-view in the corner of the partner's window. An unread message is shown above it while the chat is closed.
 */
export function SelfViewCorner({
  call,
  devices,
  chatOpen,
  onChat,
}: {
  call: CallView;
  devices: Devices;
  chatOpen: boolean;
  onChat: () => void;
}) {
  const words = useWords();
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
      <section className="mine" aria-label={label} data-hidden={hidden}>
        <SelfView mode={call.mode} devices={devices} />
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
      </section>
    </>
  );
}
