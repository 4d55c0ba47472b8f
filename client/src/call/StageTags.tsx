import { MicOff, VideoOff, VolumeX, X } from 'lucide-react';
import { noticeLine } from '../app/sentences';
import { useNow } from '../app/useNow';
import type { CallView, EngineState } from '../engine/state';
import { useHosts } from '../parts/Pictures';
import { useWords } from '../words/WordsProvider';

/** The bottom corner of their window: the newest notice, and what they have switched off. */
export function StageTags({
  state,
  call,
  parted,
  onTryNow,
  onDismiss,
}: {
  state: EngineState;
  call: CallView;
  parted: boolean;
  onTryNow: () => void;
  onDismiss: () => void;
}) {
  const words = useWords();
  const { silenced, unsilence } = useHosts();
  const { name } = call.partner;
  const now = useNow(500, call.awayUntil !== null);
  const open = call.accept === null && !parted;
  return (
    <div className="bl">
      {state.notice ? (
        <span className="tag notice" data-testid="notice">
          <span>{noticeLine(state.notice, words)}</span>
          <button
            type="button"
            className="notice__away"
            aria-label={words.say('notice.dismiss')}
            onClick={onDismiss}
          >
            <X className="i" aria-hidden="true" />
          </button>
        </span>
      ) : null}
      {state.link.state === 'reconnecting' ? (
        <span className="tag notice" data-testid="notice">
          <span>{words.say('call.lost')}</span>
          <button type="button" className="notice__act" onClick={onTryNow}>
            {words.say('search.try_now')}
          </button>
        </span>
      ) : call.awayUntil !== null && !parted ? (
        <span className="tag notice num" data-testid="notice">
          {words.say('call.away', { name, time: words.time(call.awayUntil - now) })}
        </span>
      ) : null}
      {open && silenced && call.mode !== 'text' ? (
        <span className="tag notice">
          <VolumeX className="i" aria-hidden="true" />
          <span>{words.say('call.sound_off')}</span>
          <button type="button" className="notice__act" onClick={unsilence}>
            {words.say('call.sound_on')}
          </button>
        </span>
      ) : null}
      {open && call.mode !== 'text' && !call.they.microphone ? (
        <span className="tag">
          <MicOff className="i" aria-hidden="true" />
          {words.say('they.microphone_off')}
        </span>
      ) : null}
      {open && call.mode === 'video' && !call.they.camera ? (
        <span className="tag">
          <VideoOff className="i" aria-hidden="true" />
          {words.say('they.camera_off')}
        </span>
      ) : null}
    </div>
  );
}
