import { useWords } from '../words';

/** Figures about the search, none of which counts the user. An unknown figure is not shown. */
export function SearchStats({
  estimateMs,
  waiting,
  others,
}: {
  estimateMs: number | null;
  waiting: number | null;
  others: number | null;
}) {
  const words = useWords();
  const facts = [
    [
      'facts.wait',
      estimateMs === null ? null : words.say('facts.about', { time: words.time(estimateMs) }),
    ] as const,
    ['facts.waiting', waiting === null ? null : words.number(waiting)] as const,
    ['facts.here', others === null ? null : words.number(others)] as const,
  ].filter(([, value]) => value !== null);
  if (facts.length === 0) return null;
  return (
    <dl className="facts">
      {facts.map(([key, value]) => (
        <div key={key}>
          <dt>{words.say(key)}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
