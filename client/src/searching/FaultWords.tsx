import type { Mode } from '../../../src/protocol';
import { HOPELESS, REMEDIES } from '../app/remedies';
import type { Readiness } from '../app/devices';
import { useWords } from '../words/WordsProvider';
import type { SearchingActions } from './searching-actions';

/** Why a device cannot be had, what to do about it, and a way on without it. */
export function FaultWords({
  mode,
  readiness: { kind, fault },
  actions,
}: {
  mode: Mode;
  readiness: Extract<Readiness, { is: 'faulty' }>;
  actions: SearchingActions;
}) {
  const words = useWords();
  const hopeless = HOPELESS.has(fault);
  return (
    <div data-testid="notice">
      <h1 tabIndex={-1}>{words.say(`device.${kind}.${fault}`)}</h1>
      <ol className="how">
        {REMEDIES[fault].map((line) => (
          <li key={line}>{words.say(line)}</li>
        ))}
      </ol>
      <div className="acts">
        {hopeless ? null : (
          <button type="button" className="btn btn--meet" onClick={actions.tryDevices}>
            {words.say('device.try')}
          </button>
        )}
        <button type="button" className="btn btn--back" data-testid="stop-button" onClick={actions.stop}>
          {words.say('device.back')}
        </button>
        <span className="acts__break" />
        {kind === 'camera' && !hopeless ? (
          <button type="button" className="btn btn--bare" onClick={() => actions.goOn('audio')}>
            {words.say('device.voice')}
          </button>
        ) : null}
        {mode === 'video' && kind === 'microphone' && !hopeless ? (
          <button type="button" className="btn btn--bare" onClick={() => actions.goOn('without_microphone')}>
            {words.say('device.no_microphone')}
          </button>
        ) : null}
        <button
          type="button"
          className={hopeless ? 'btn btn--meet' : 'btn btn--bare'}
          onClick={() => actions.goOn('text')}
        >
          {words.say('device.text')}
        </button>
      </div>
    </div>
  );
}
