import type { AppScreen } from '../screens/app-screen';
import type { WireBan } from '../../../../src/protocol';
import { Header } from '../navigation/Header';
import { useWords } from '../words';
import { BanDetails } from './BanDetails';
import '../searching/searching.css';
import './disconnected.css';

type Reason = Extract<AppScreen, { screen: 'disconnected' }>['reason'];

/** Close reasons that only a reload can fix. After all others the user can reconnect from here. */
const NEEDS_RELOAD: ReadonlySet<Reason> = new Set<Reason>(['protocolOutdated', 'tooManyErrors']);

/** Shown when the connection is closed and is not retried: the reason, and what to do. */
export function DisconnectedScreen({
  reason,
  ban,
  onTry,
  onKeys,
}: {
  reason: Reason;
  /** With `banned`, where the server said more. */
  ban?: WireBan | undefined;
  onTry: () => void;
  onKeys: () => void;
}) {
  const words = useWords();
  const reload = NEEDS_RELOAD.has(reason);
  return (
    <div className="plain">
      <Header onKeys={onKeys} />
      <main className="plain__main" data-testid="notice">
        <svg className="plain__forms" viewBox="0 0 240 110" aria-hidden="true">
          <path
            className="plain__they"
            d="M14 4h40a38 38 0 0 1 0 76H14a10 10 0 0 1-10-10V14A10 10 0 0 1 14 4Z"
          />
          <path
            className="plain__you"
            d="M226 30h-40a38 38 0 0 0 0 76h40a10 10 0 0 0 10-10V40a10 10 0 0 0-10-10Z"
          />
        </svg>
        <h1 tabIndex={-1}>{words.say(`close.${reason}`)}</h1>
        {ban === undefined ? (
          <p className="sub">{words.say(`close.${reason}.more`)}</p>
        ) : (
          <BanDetails ban={ban} />
        )}
        <div className="plain__acts">
          <button
            type="button"
            className="btn btn--meet"
            onClick={reload ? () => window.location.reload() : onTry}
          >
            {words.say(reload ? 'close.reload' : reason === 'replaced' ? 'close.here' : 'close.try')}
          </button>
        </div>
      </main>
    </div>
  );
}
