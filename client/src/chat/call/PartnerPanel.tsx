import { Ban, Flag, Maximize2, Minimize2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatDuration } from '../../ui/time/duration';
import { useNow } from '../../ui/time/useNow';
import type { CallView, EngineState, Phase } from '../engine/state';
import { PartnerView } from '../video/PartnerView';
import { useWords } from '../words';
import { AcceptPanel } from './AcceptPanel';
import { LastFrame } from './LastFrame';
import { CallEndedPanel } from './CallEndedPanel';
import { PartnerStatus } from './PartnerStatus';

/** The partner's window: the video, the name, and status messages. */
export function PartnerPanel({
  state,
  call,
  ended,
  full,
  onFull,
  onAccept,
  onNext,
  onReport,
  onBlock,
  onTryNow,
  onStayHere,
  onDismiss,
  chatOpen,
  onChat,
}: {
  state: EngineState;
  call: CallView;
  ended: Extract<Phase, { phase: 'ended' }> | null;
  full: boolean;
  onFull: (() => void) | null;
  onAccept: () => void;
  onNext: () => void;
  onReport: () => void;
  onBlock: () => void;
  onTryNow: () => void;
  onStayHere: () => void;
  onDismiss: () => void;
  chatOpen: boolean;
  onChat: () => void;
}) {
  const words = useWords();
  const { name } = call.partner;
  const asks = call.accept !== null && !ended;
  // Only a video call has a picture that could be hidden or off.
  const label =
    call.mode !== 'video'
      ? name
      : call.accept !== null
        ? words.say('call.theirs.hidden', { name })
        : call.they.camera
          ? words.say('call.theirs', { name })
          : words.say('call.theirs.off', { name });
  return (
    <section
      className="theirs"
      aria-label={label}
      data-asks={asks}
      data-still={call.away !== null || state.connection.state === 'reconnecting'}
      data-gone={ended !== null}
    >
      <div className="theirs__picture">
        <PartnerView call={call} ended={ended !== null} />
        {ended && call.mode === 'video' && call.they.camera && call.accept === null ? <LastFrame /> : null}
      </div>
      <div className="tl">
        {asks ? null : (
          <div className="tag who">
            <span className="who__name">{name}</span>
            {call.partner.country === undefined ? null : (
              <small>{words.countryName(call.partner.country)}</small>
            )}
            {ended ? null : <Duration since={call.startedAt} />}
          </div>
        )}
      </div>
      <div className="tr">
        <button type="button" className="tag tag--ib tr__report" onClick={onReport}>
          <Flag className="i" aria-hidden="true" />
          <span className="sr">{words.say('control.report')}</span>
        </button>
        {asks || ended?.reason === 'blocked' ? null : (
          <button type="button" className="tag tag--block" onClick={onBlock}>
            <Ban className="i" aria-hidden="true" />
            <span className="word">{words.say('control.block')}</span>
          </button>
        )}
        {onFull && !asks ? (
          <button
            type="button"
            className="tag tag--ib tr__full"
            aria-label={words.say(full ? 'control.full.leave' : 'control.full')}
            onClick={onFull}
          >
            {full ? (
              <Minimize2 className="i" aria-hidden="true" />
            ) : (
              <Maximize2 className="i" aria-hidden="true" />
            )}
          </button>
        ) : null}
      </div>
      {asks && call.accept ? (
        <AcceptPanel call={call} accept={call.accept} onAccept={onAccept} onNext={onNext} />
      ) : null}
      {ended ? (
        <CallEndedPanel
          ended={ended}
          connected={state.connection.state === 'open'}
          chatOpen={chatOpen}
          onStayHere={onStayHere}
          onChat={onChat}
        />
      ) : null}
      {asks || ended ? null : <Connecting call={call} />}
      <PartnerStatus
        state={state}
        call={call}
        ended={ended}
        onBlock={onBlock}
        onNext={onNext}
        onTryNow={onTryNow}
        onDismiss={onDismiss}
      />
    </section>
  );
}

function Duration({ since }: { since: number }) {
  const words = useWords();
  const lasted = useNow(1000) - since;
  return (
    <small className="num who__time">
      <span aria-hidden="true">{formatDuration(lasted)}</span>
      <span className="sr">{words.say('call.duration', { time: words.length(lasted) })}</span>
    </small>
  );
}

const PATIENCE_MS = 2000;

/** Shown only when the first frame is late; usually it arrives before anybody could read this. */
function Connecting({ call }: { call: CallView }) {
  const words = useWords();
  const [late, setLate] = useState(false);
  const waiting = !call.flowing && call.mode !== 'text' && (call.mode === 'audio' || call.they.camera);
  useEffect(() => {
    setLate(false);
    if (!waiting) return undefined;
    const timer = window.setTimeout(() => setLate(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [waiting, call.callId]);
  if (!waiting || !late) return null;
  return (
    <p className="connecting">
      <span className="tag">
        {words.say(call.mode === 'audio' ? 'call.connecting.audio' : 'call.connecting')}
      </span>
    </p>
  );
}
