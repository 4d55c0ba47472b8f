import { circleKey, shownSteps, stepRows } from './search-steps';
import type { Phase } from '../engine/state';
import { useWords } from '../words';

/** The list of search steps. The current one is highlighted, and the others show when they begin. */
export function SearchSteps({ phase, now }: { phase: Extract<Phase, { phase: 'searching' }>; now: number }) {
  const words = useWords();
  const { steps, step } = shownSteps(phase);
  const rows = stepRows(steps, step, now - Math.max(phase.since, phase.pausedUntil ?? 0));
  return (
    <ol className="path" aria-label={words.say('search.steps')} data-testid="search-steps">
      {rows.map((row) => (
        <li
          key={row.circle}
          className={`path__${row.state}`}
          aria-current={row.state === 'now' ? 'step' : undefined}
        >
          <span>{words.say(circleKey(row.circle, phase.said))}</span>
          <small className="num">
            {row.state === 'done' ? words.say('step.done') : null}
            {row.state === 'now' ? words.say('step.now', { time: words.time(row.ms) }) : null}
            {row.state === 'later' ? words.say('step.from', { time: words.time(row.ms) }) : null}
          </small>
        </li>
      ))}
    </ol>
  );
}
