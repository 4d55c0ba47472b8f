import { X } from 'lucide-react';
import type { Mode } from '../../../../src/protocol';
import type { ConnectionProblem } from '../engine/state';
import { useNow } from '../../ui/time/useNow';
import { useWords } from '../words';

function StopButton({ onStop, bare = false }: { onStop: () => void; bare?: boolean }) {
  const words = useWords();
  return (
    <button
      type="button"
      className={bare ? 'btn btn--bare' : 'btn btn--back'}
      data-testid="stop-button"
      onClick={onStop}
    >
      <X className="i" aria-hidden="true" />
      {words.say('search.stop')}
      {bare ? null : <kbd aria-hidden="true">{words.say('key.escape')}</kbd>}
    </button>
  );
}

/** Shown while the browser asks for permission: what to answer, and what the devices are for. */
export function PermissionPanel({ mode, onStop }: { mode: Mode; onStop: () => void }) {
  const words = useWords();
  return (
    <>
      <h1 tabIndex={-1}>{words.say(mode === 'audio' ? 'device.asking.audio' : 'device.asking')}</h1>
      <p className="sub">{words.say('device.asking.more')}</p>
      <div className="acts">
        <StopButton onStop={onStop} />
      </div>
    </>
  );
}

/** Shown between pressing the Meet button and the first message of the server. */
export function ConnectingPanel({ onStop }: { onStop: () => void }) {
  const words = useWords();
  return (
    <>
      <h1 tabIndex={-1}>{words.say('search.heading')}</h1>
      <p className="sub">{words.say('search.connecting')}</p>
      <div className="acts">
        <StopButton onStop={onStop} />
      </div>
    </>
  );
}

/** Shown while a search has no connection: the reason, and whether the search will continue. */
export function OfflinePanel({
  why,
  keptUntil,
  onTry,
  onStop,
}: {
  why: ConnectionProblem;
  keptUntil: number | null;
  onTry: () => void;
  onStop: () => void;
}) {
  const words = useWords();
  const left = (keptUntil ?? 0) - useNow();
  return (
    <>
      <h1 tabIndex={-1}>{words.say(`offline.${why}`)}</h1>
      <p className="sub num" data-testid="notice">
        {words.say('link.again')}{' '}
        {left > 0
          ? words.say('search.offline.kept', { time: words.time(left) })
          : words.say('search.offline.afresh')}
      </p>
      <div className="acts">
        <button type="button" className="btn btn--meet" onClick={onTry}>
          {words.say('search.try_now')}
        </button>
        <StopButton onStop={onStop} bare />
      </div>
    </>
  );
}
