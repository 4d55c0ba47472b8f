import { endLine } from '../app/sentences';
import { useNow } from '../app/useNow';
import type { Phase } from '../engine/state';
import { Link } from '../parts/Link';
import { useMe, useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';

/** They are gone: why, and when the search goes on by itself unless somebody wants to stay. */
export function PartedPanel({
  parted,
  connected,
  onStayHere,
}: {
  parted: Extract<Phase, { phase: 'parted' }>;
  connected: boolean;
  onStayHere: () => void;
}) {
  const words = useWords();
  const now = useNow();
  // Where nobody has talked with anybody, this is what the screen is about.
  const Heading = parted.call.accept === null ? 'h2' : 'h1';
  return (
    <div className="parted">
      <svg className="parted__forms" viewBox="0 0 150 96" aria-hidden="true">
        <path className="y" d="M52 28H30a28 28 0 0 0 0 56h22a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z" />
        <path className="t" d="M98 12h22a28 28 0 0 1 0 56H98a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z" />
      </svg>
      <Heading className="parted__heading" tabIndex={-1}>
        {endLine(parted, words)}
      </Heading>
      {parted.reason === 'plan_over' ? (
        <PlanOver />
      ) : parted.nextAt === null ? (
        <p>{words.say(connected ? 'parted.staying' : 'parted.again')}</p>
      ) : (
        <>
          <p className="num">{words.say('parted.next_in', { time: words.time(parted.nextAt - now) })}</p>
          <button type="button" className="btn btn--quiet" onClick={onStayHere}>
            {words.say('parted.stay')}
          </button>
        </>
      )}
      {parted.call.chat.length > 0 ? <p className="parted__chat">{words.say('parted.chat')}</p> : null}
    </div>
  );
}

/** Another search would be refused, so the way on leads to the plans, and when more comes is said. */
function PlanOver() {
  const words = useWords();
  const { stage } = useServices();
  const renewsAt = useMe()?.plan.renewsAt ?? null;
  return (
    <>
      <p>
        {renewsAt === null
          ? words.say('end.plan_over.plain')
          : words.say('end.plan_over.more', { when: words.moment(renewsAt) })}
      </p>
      <Link to="plans" className="btn btn--quiet" testId="parted-plans" onFollow={() => stage.engine.stop()}>
        {words.say('plans.see')}
      </Link>
    </>
  );
}
