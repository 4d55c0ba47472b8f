import { ownSteps, rungsOf } from '../app/ladder';
import type { Phase } from '../engine/state';
import { useWords } from '../words/WordsProvider';

/** The steps a search passes through, with the present one filled and the others with their time. */
export function Ladder({ phase, now }: { phase: Extract<Phase, { phase: 'searching' }>; now: number }) {
  const words = useWords();
  const { steps, step } = ownSteps(phase);
  const rungs = rungsOf(steps, step, now - Math.max(phase.since, phase.pausedUntil ?? 0));
  return (
    <ol className="path" aria-label={words.say('search.steps')} data-testid="ladder">
      {rungs.map((rung) => (
        <li
          key={rung.circle}
          className={`path__${rung.state}`}
          aria-current={rung.state === 'now' ? 'step' : undefined}
        >
          <span>{words.say(`circle.${rung.circle}`)}</span>
          <small className="num">
            {rung.state === 'done' ? words.say('step.done') : null}
            {rung.state === 'now' ? words.say('step.now', { time: words.time(rung.ms) }) : null}
            {rung.state === 'later' ? words.say('step.from', { time: words.time(rung.ms) }) : null}
          </small>
        </li>
      ))}
    </ol>
  );
}
