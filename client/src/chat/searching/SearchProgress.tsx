import { X } from 'lucide-react';
import { useNow } from '../../ui/time/useNow';
import { searchHeading } from './search-heading';
import { NoticeMessage } from '../notices/NoticeMessage';
import type { EngineState, Phase } from '../engine/state';
import { useWords } from '../words';
import { othersOnline } from './mode-offers';
import { SearchStats } from './SearchStats';
import { widensIn } from './search-steps';
import { SearchSteps } from './SearchSteps';
import { WhileWaiting } from './WhileWaiting';
import type { SearchingActions } from './searching-actions';

type Searching = Extract<Phase, { phase: 'searching' }>;

/**
 * Whether the only other person who waits is the last partner. Without an explanation, the search would seem broken.
 */
function onlyLastPartnerWaits(
  phase: Searching,
  state: EngineState,
): phase is Searching & { justMet: string } {
  const others = othersOnline(state.stats) ?? Infinity;
  return phase.justMet !== null && phase.waiting === 1 && others <= 1 && phase.step < phase.steps.length - 1;
}

/** The progress of the search: whom it looks for, its step, and how long it may take. */
export function SearchProgress({
  state,
  phase,
  alone,
  actions,
}: {
  state: EngineState;
  phase: Searching;
  alone: boolean;
  actions: SearchingActions;
}) {
  const words = useWords();
  const now = useNow();
  const pause = phase.pausedUntil === null ? 0 : phase.pausedUntil - now;
  const heading =
    pause > 0
      ? words.say('search.pause', { time: words.time(pause) })
      : phase.held
        ? words.say('search.held')
        : alone
          ? words.say('search.alone')
          : searchHeading(phase, words);
  const isLooking = pause <= 0 && !phase.held;
  // Figures of nobody help nobody; what one can do meanwhile does.
  const isQuiet = phase.steps.length > 0 && phase.waiting === 0;
  const isJustMet = isLooking && onlyLastPartnerWaits(phase, state);
  const widening = isLooking && !isJustMet ? widensIn(phase, now) : null;
  return (
    <>
      <h1 tabIndex={-1} className="num">
        {heading}
      </h1>
      {pause > 0 ? <p className="sub">{words.say('search.pause.more')}</p> : null}
      {phase.held && pause <= 0 ? <p className="sub">{words.say('search.held.more')}</p> : null}
      {alone && isLooking ? <p className="sub">{words.say('search.alone.more')}</p> : null}
      {alone || !isLooking ? null : <SearchSteps phase={phase} now={now} />}
      {isQuiet ? null : (
        <SearchStats
          estimateMs={phase.estimateMs}
          waiting={phase.steps.length === 0 ? null : phase.waiting}
          others={othersOnline(state.stats)}
        />
      )}
      {isLooking && isQuiet ? <WhileWaiting phase={phase} stats={state.stats} actions={actions} /> : null}
      {widening === null ? null : (
        <p className="sub sub--aside num" data-testid="none-fits">
          {words.say('search.none_fits', { time: words.time(widening) })}
        </p>
      )}
      {isJustMet && phase.justMet !== null ? (
        <p className="sub sub--aside" data-testid="just-met">
          {words.say('search.just_met', { name: phase.justMet })}
        </p>
      ) : null}
      {state.notice ? (
        <p className="sub sub--notice" data-testid="notice">
          <NoticeMessage notice={state.notice} />
        </p>
      ) : null}
      <div className="acts">
        <button type="button" className="btn btn--back" data-testid="stop-button" onClick={actions.stop}>
          <X className="i" aria-hidden="true" />
          {words.say('search.stop')}
          <kbd aria-hidden="true">{words.say('key.escape')}</kbd>
        </button>
        <button type="button" className="btn btn--bare" onClick={actions.changeWishes}>
          {words.say('search.change')}
        </button>
      </div>
    </>
  );
}
