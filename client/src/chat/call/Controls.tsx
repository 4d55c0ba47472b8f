import {
  ArrowRight,
  Ellipsis,
  Flag,
  MessageSquare,
  Mic,
  MicOff,
  Settings2,
  Square,
  Video,
  VideoOff,
} from 'lucide-react';
import { useNow } from '../../ui/time/useNow';
import { isSending, type CallView, type Engine, type EngineState, type Phase } from '../engine/state';
import { useWords } from '../words';
import { Control } from './Control';
import { useFirstCalls } from './useFirstCalls';

/** The row of buttons under the videos: Stop, the devices and the chat, then Report and Next. */
export function Controls({
  engine,
  state,
  call,
  ended,
  chatOpen,
  stopAsked,
  onChat,
  onReport,
  onDevices,
  onMore,
  onStop,
}: {
  engine: Engine;
  state: EngineState;
  call: CallView;
  ended: Extract<Phase, { phase: 'ended' }> | null;
  chatOpen: boolean;
  stopAsked: boolean;
  onChat: () => void;
  onReport: () => void;
  onDevices: () => void;
  onMore: () => void;
  onStop: () => void;
}) {
  const words = useWords();
  const { camera, microphone } = state.devices;
  const asks = call.accept !== null && !ended;
  const muted = !isSending(microphone);
  const dark = !isSending(camera);
  const firstCalls = useFirstCalls(call.callId, call.accept === null);
  return (
    <nav className="ctl" aria-label={words.say('call.name')} data-words={firstCalls && !ended}>
      <button type="button" className="btn btn--back" data-testid="stop-button" onClick={onStop}>
        <Square className="i stop" aria-hidden="true" />
        <span className={stopAsked ? undefined : 'word'}>
          {words.say(stopAsked ? 'control.stop.again' : 'control.stop')}
        </span>
        {stopAsked ? null : <kbd aria-hidden="true">{words.say('key.escape')}</kbd>}
      </button>
      <div className="ctl__mid">
        {call.mode === 'text' ? null : (
          <Control
            icon={muted ? MicOff : Mic}
            word={words.say(muted ? 'control.unmute' : 'control.mute')}
            short={words.say(muted ? 'control.unmute.short' : 'control.mute.short')}
            pressed={muted}
            onClick={() => engine.setMicrophone(muted)}
          />
        )}
        {call.mode === 'video' ? (
          <Control
            icon={dark ? VideoOff : Video}
            word={words.say(dark ? 'control.camera_on' : 'control.camera_off')}
            short={words.say('control.camera')}
            pressed={dark}
            onClick={() => engine.setCamera(dark)}
          />
        ) : null}
        {/* A low screen has no room for the own window, which otherwise leads to the devices. */}
        {asks && call.mode !== 'text' ? (
          <Control icon={Settings2} word={words.say('devices.heading')} onClick={onDevices} />
        ) : null}
        {call.accept !== null || call.mode === 'text' ? null : (
          <ChatControl open={chatOpen} unread={call.unread} onChat={onChat} />
        )}
        {call.accept !== null || call.mode === 'text' || ended ? null : (
          <Control icon={Ellipsis} word={words.say('more.heading')} className="c--more" onClick={onMore} />
        )}
      </div>
      <div className="ctl__end">
        <Control icon={Flag} word={words.say('control.report')} className="c--report" onClick={onReport} />
        {asks || ended?.reason === 'plan_over' ? null : (
          <NextButton ended={ended} onNext={() => engine.next()} />
        )}
      </div>
    </nav>
  );
}

function ChatControl({ open, unread, onChat }: { open: boolean; unread: number; onChat: () => void }) {
  const words = useWords();
  return (
    <button type="button" className="c" data-on={open} aria-expanded={open} onClick={onChat}>
      <span className="c__sign">
        <MessageSquare className="i" aria-hidden="true" />
        {!open && unread > 0 ? (
          <b className="c__count num" aria-hidden="true">
            {words.number(unread)}
          </b>
        ) : null}
      </span>
      <span className="c__word">{words.say('control.chat')}</span>
      <span className="c__short" aria-hidden="true">
        {words.say('control.chat')}
      </span>
    </button>
  );
}

/** The button shows the countdown to the next search. */
function NextButton({
  ended,
  onNext,
}: {
  ended: Extract<Phase, { phase: 'ended' }> | null;
  onNext: () => void;
}) {
  const words = useWords();
  const nextAt = ended?.nextAt ?? null;
  const now = useNow(250, nextAt !== null);
  return (
    <button
      type="button"
      className="btn btn--meet num"
      data-testid="next-button"
      data-counting={nextAt !== null}
      onClick={onNext}
    >
      {nextAt === null
        ? words.say('control.next')
        : words.say('control.next.in', { time: words.time(nextAt - now) })}
      <ArrowRight className="i i--turns" aria-hidden="true" />
      <kbd aria-hidden="true">N</kbd>
    </button>
  );
}
