import { ArrowRight, Flag, MessageSquare, Mic, MicOff, Square, Video, VideoOff } from 'lucide-react';
import { useNow } from '../app/useNow';
import type { CallView, Engine, EngineState, Phase } from '../engine/state';
import { useWords } from '../words/WordsProvider';
import { Control } from './Control';

/** Stop far away, devices in the middle, Report and Next on the way out. */
export function Controls({
  engine,
  state,
  call,
  parted,
  chatOpen,
  stopAsked,
  onChat,
  onReport,
  onStop,
}: {
  engine: Engine;
  state: EngineState;
  call: CallView;
  parted: Extract<Phase, { phase: 'parted' }> | null;
  chatOpen: boolean;
  stopAsked: boolean;
  onChat: () => void;
  onReport: () => void;
  onStop: () => void;
}) {
  const words = useWords();
  const { camera, microphone } = state.devices;
  const asks = call.accept !== null && !parted;
  const muted = microphone.state !== 'ready' || microphone.off;
  const dark = camera.state !== 'ready' || camera.off;
  return (
    <nav className="ctl" aria-label={words.say('call.name')}>
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
            pressed={muted}
            onClick={() => engine.setMicrophone(muted)}
          />
        )}
        {call.mode === 'video' ? (
          <Control
            icon={dark ? VideoOff : Video}
            word={words.say(dark ? 'control.camera_on' : 'control.camera_off')}
            pressed={dark}
            onClick={() => engine.setCamera(dark)}
          />
        ) : null}
        {call.accept !== null || call.mode === 'text' ? null : (
          <ChatControl open={chatOpen} unread={call.unread} onChat={onChat} />
        )}
      </div>
      <div className="ctl__end">
        <Control icon={Flag} word={words.say('control.report')} className="c--report" onClick={onReport} />
        {asks || parted?.reason === 'plan_over' ? null : (
          <NextButton parted={parted} onNext={() => engine.next()} />
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
    </button>
  );
}

/** While the next search counts down, the button itself says so. */
function NextButton({
  parted,
  onNext,
}: {
  parted: Extract<Phase, { phase: 'parted' }> | null;
  onNext: () => void;
}) {
  const words = useWords();
  const nextAt = parted?.nextAt ?? null;
  const now = useNow(250, nextAt !== null);
  return (
    <button type="button" className="btn btn--meet num" data-testid="next-button" onClick={onNext}>
      {nextAt === null
        ? words.say('control.next')
        : words.say('control.next.in', { time: words.time(nextAt - now) })}
      <ArrowRight className="i i--turns" aria-hidden="true" />
      <kbd aria-hidden="true">N</kbd>
    </button>
  );
}
