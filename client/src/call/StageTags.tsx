import { MicOff, VideoOff, VolumeX, X } from 'lucide-react';
import { useNow } from '../app/useNow';
import type { CallView, EngineState } from '../engine/state';
import { callLinkLine } from '../app/sentences';
import { NoticeWords } from '../parts/NoticeWords';
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
  const { link } = state;
  const now = useNow(500, call.away !== null || link.state === 'reconnecting');
  const open = call.accept === null && !parted;
  return (
    <div className="bl">
      {state.notice ? (
        <span
          className="tag notice"
          data-testid={state.notice.code === 'plan_minutes_low' ? 'minutes-low' : 'notice'}
        >
          <NoticeWords notice={state.notice} actClass="notice__act" />
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
      {link.state === 'reconnecting' && !(parted && state.notice?.code === 'shutting_down') ? (
        <span className="tag notice num" data-testid="notice">
          <span>{parted ? words.say(`link.${link.why}`) : callLinkLine(link, now, words)}</span>
          <button type="button" className="notice__act" onClick={onTryNow}>
            {words.say('search.try_now')}
          </button>
        </span>
      ) : call.away !== null && !parted ? (
        <span className="tag notice num" data-testid="notice">
          {words.say('call.away', { name, time: words.time(call.away.until - now) })}
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
