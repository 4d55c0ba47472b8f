import type { Mode } from '../../../../src/protocol';
import { UNRECOVERABLE_ERRORS, DEVICE_HELP } from '../devices/device-help';
import type { Readiness } from '../devices/readiness';
import { useWords } from '../words';
import type { SearchingActions } from './searching-actions';

/** Why a device cannot be used, what to do about it, and buttons to go on without it. */
export function DeviceErrorPanel({
  mode,
  readiness: { kind, fault },
  actions,
}: {
  mode: Mode;
  readiness: Extract<Readiness, { is: 'faulty' }>;
  actions: SearchingActions;
}) {
  const words = useWords();
  const unrecoverable = UNRECOVERABLE_ERRORS.has(fault);
  return (
    <div data-testid="notice">
      <h1 tabIndex={-1}>{words.say(`device.${kind}.${fault}`)}</h1>
      <ol className="how">
        {DEVICE_HELP[fault].map((line) => (
          <li key={line}>{words.say(line)}</li>
        ))}
      </ol>
      <div className="acts">
        {unrecoverable ? null : (
          <button type="button" className="btn btn--meet" onClick={actions.tryDevices}>
            {words.say('device.try')}
          </button>
        )}
        <button type="button" className="btn btn--back" data-testid="stop-button" onClick={actions.stop}>
          {words.say('device.back')}
        </button>
        <span className="acts__break" />
        {kind === 'camera' && !unrecoverable ? (
          <button type="button" className="btn btn--bare" onClick={() => actions.goOn('audio')}>
            {words.say('device.voice')}
          </button>
        ) : null}
        {mode === 'video' && kind === 'microphone' && !unrecoverable ? (
          <button type="button" className="btn btn--bare" onClick={() => actions.goOn('without_microphone')}>
            {words.say('device.no_microphone')}
          </button>
        ) : null}
        <button
          type="button"
          className={unrecoverable ? 'btn btn--meet' : 'btn btn--bare'}
          onClick={() => actions.goOn('text')}
        >
          {words.say('device.text')}
        </button>
      </div>
    </div>
  );
}
