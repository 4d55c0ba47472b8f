import type { EngineState, Phase } from '../engine/state';
import { useWords } from '../words';
import { InviteButton } from './InviteButton';
import { modeOffers } from './mode-offers';
import { NotifyButton } from './NotifyButton';
import type { SearchingActions } from './searching-actions';

/** While nobody else waits: where people are, a notification when somebody comes, and a link to invite somebody. */
export function WhileWaiting({
  phase,
  stats,
  actions,
}: {
  phase: Extract<Phase, { phase: 'searching' }>;
  stats: EngineState['stats'];
  actions: SearchingActions;
}) {
  const words = useWords();
  const offers = modeOffers(phase, stats);
  return (
    <div className="while">
      {offers.length === 0 ? null : (
        <ul className="while__offers">
          {offers.map(({ mode, waiting }) => (
            <li key={mode}>
              <span className="num">{words.say(`offer.${mode}`, { count: waiting })}</span>
              <button
                type="button"
                className="btn btn--quiet"
                data-testid={`switch-${mode}`}
                onClick={() => actions.switchMode(mode)}
              >
                {words.say(`offer.switch.${mode}`)}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="while__acts">
        <NotifyButton />
        <InviteButton />
      </div>
    </div>
  );
}
