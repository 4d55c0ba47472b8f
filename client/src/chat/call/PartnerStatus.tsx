import { MicOff, VideoOff, VolumeX, X } from 'lucide-react';
import { useNow } from '../../ui/time/useNow';
import type { CallView, EngineState, Phase } from '../engine/state';
import { reconnectingMessage } from '../messages/call-messages';
import { NoticeMessage } from '../notices/NoticeMessage';
import { isReportOf } from '../notices/notice-messages';
import { useVideoHosts } from '../video/VideoProvider';
import { useWords } from '../words';

/** The lower corner of the partner's window: the newest notice, and which devices the partner has turned off. */
export function PartnerStatus({
  state,
  call,
  ended: endedPhase,
  onBlock,
  onNext,
  onTryNow,
  onDismiss,
}: {
  state: EngineState;
  call: CallView;
  ended: Extract<Phase, { phase: 'ended' }> | null;
  onBlock: () => void;
  onNext: () => void;
  onTryNow: () => void;
  onDismiss: () => void;
}) {
  const words = useWords();
  const { silenced, unsilence, volume, setVolume } = useVideoHosts();
  const { name } = call.partner;
  const ended = endedPhase !== null;
  const { connection } = state;
  const now = useNow(500, call.away !== null || connection.state === 'reconnecting');
  const open = call.accept === null && !ended;
  return (
    <div className="bl">
      {state.notice ? (
        <span
          className="tag notice"
          data-testid={state.notice.code === 'plan_minutes_low' ? 'minutes-low' : 'notice'}
        >
          <span>
            <NoticeMessage notice={state.notice} actClass="notice__act" />
            {isReportOf(state.notice, call) && endedPhase?.reason !== 'blocked' ? (
              <AfterReport ended={ended} onBlock={onBlock} onNext={onNext} />
            ) : null}
          </span>
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
      {connection.state === 'reconnecting' && !(ended && state.notice?.code === 'shutting_down') ? (
        <span className="tag notice num" data-testid="notice">
          <span>
            {ended ? words.say(`link.${connection.why}`) : reconnectingMessage(connection, now, words)}
          </span>
          <button type="button" className="notice__act" onClick={onTryNow}>
            {words.say('search.try_now')}
          </button>
        </span>
      ) : call.away !== null && !ended ? (
        <span className="tag notice num" data-testid="notice">
          {words.say('call.away', { name, time: words.time(call.away.until - now) })}
        </span>
      ) : state.isInDoubt && !ended ? (
        <span className="tag notice" data-testid="notice">
          {words.say('call.in_doubt', { name })}
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
      {open && volume === 0 && !silenced && call.mode !== 'text' ? (
        <span className="tag notice">
          <VolumeX className="i" aria-hidden="true" />
          <span>{words.say('call.volume_off')}</span>
          <button type="button" className="notice__act" onClick={() => setVolume(1)}>
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

/** Who reports somebody seldom wants to go on with them: the ways out stand where the thanks are. */
function AfterReport({
  ended,
  onBlock,
  onNext,
}: {
  ended: boolean;
  onBlock: () => void;
  onNext: () => void;
}) {
  const words = useWords();
  return (
    <span className="notice__ways">
      <button type="button" className="notice__act" data-testid="reported-block" onClick={onBlock}>
        {words.say('control.block')}
      </button>
      {ended ? null : (
        <button type="button" className="notice__act" data-testid="reported-leave" onClick={onNext}>
          {words.say('reported.leave')}
        </button>
      )}
    </span>
  );
}
