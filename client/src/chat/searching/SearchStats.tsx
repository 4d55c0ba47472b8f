import { useWords } from '../words';

/** Three figures about the search. An unknown figure is not shown. */
export function SearchStats({
  estimateMs,
  waiting,
  here,
}: {
  estimateMs: number | null;
  waiting: number;
  here: number | null;
}) {
  const words = useWords();
  return (
    <dl className="facts">
      <div>
        <dt>{words.say('facts.wait')}</dt>
        <dd className="num">
          {estimateMs === null
            ? words.say('facts.unknown')
            : words.say('facts.about', { time: words.time(estimateMs) })}
        </dd>
      </div>
      <div>
        <dt>{words.say('facts.waiting')}</dt>
        <dd className="num">{words.number(waiting)}</dd>
      </div>
      {here === null ? null : (
        <div>
          <dt>{words.say('facts.here')}</dt>
          <dd className="num">{words.number(here)}</dd>
        </div>
      )}
    </dl>
  );
}
