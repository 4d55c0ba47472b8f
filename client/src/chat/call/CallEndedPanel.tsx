import { useState } from 'react';
import { callEndMessage } from '../messages/call-messages';
import { useNow } from '../../ui/time/useNow';
import type { Phase } from '../engine/state';
import { Link } from '../navigation/Link';
import { useMe, useServices } from '../services/ServicesProvider';
import { useWords } from '../words';

/** Shown after a call: why it has ended, and the countdown to the next search with a button to stop it. */
export function CallEndedPanel({
  ended,
  connected,
  chatOpen,
  onStayHere,
  onChat,
}: {
  ended: Extract<Phase, { phase: 'ended' }>;
  connected: boolean;
  chatOpen: boolean;
  onStayHere: () => void;
  onChat: () => void;
}) {
  const words = useWords();
  const now = useNow();
  const isText = ended.call.mode === 'text';
  // Before both have accepted there is no other heading on the screen.
  const Heading = ended.call.accept === null ? 'h2' : 'h1';
  return (
    <div className="call-ended">
      <svg className="call-ended__forms" viewBox="0 0 150 96" aria-hidden="true">
        <path className="y" d="M52 28H30a28 28 0 0 0 0 56h22a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z" />
        <path className="t" d="M98 12h22a28 28 0 0 1 0 56H98a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z" />
      </svg>
      <Heading className="call-ended__heading" tabIndex={-1}>
        {callEndMessage(ended, words)}
      </Heading>
      {ended.reason === 'plan_over' ? (
        <PlanOver />
      ) : ended.nextAt === null ? (
        <>
          <p>{words.say(ended.held ? 'parted.held' : connected ? 'parted.staying' : 'parted.again')}</p>
          {ended.held ? (
            <button type="button" className="btn btn--quiet" onClick={onStayHere}>
              {words.say('parted.stay')}
            </button>
          ) : null}
        </>
      ) : (
        <>
          <p className="num">{words.say('parted.next_in', { time: words.time(ended.nextAt - now) })}</p>
          <Countdown key={ended.nextAt} until={ended.nextAt} />
          <button type="button" className="btn btn--quiet" onClick={onStayHere}>
            {words.say('parted.stay')}
          </button>
        </>
      )}
      {ended.call.chat.length === 0 || isText ? null : chatOpen ? (
        <p className="call-ended__chat">{words.say('parted.chat')}</p>
      ) : (
        <button type="button" className="btn btn--bare" onClick={onChat}>
          {words.say('parted.chat.open')}
        </button>
      )}
    </div>
  );
}

/** A line that empties while the countdown runs. The figures say the same in words. */
function Countdown({ until }: { until: number }) {
  const [ms] = useState(() => Math.max(0, until - performance.now()));
  return (
    <span className="call-ended__left" aria-hidden="true">
      <span style={{ animationDuration: `${ms}ms` }} />
    </span>
  );
}

/** The server would refuse another search, so this links to the plans and says when the minutes renew. */
function PlanOver() {
  const words = useWords();
  const { screens } = useServices();
  const renewsAt = useMe()?.plan.renewsAt ?? null;
  return (
    <>
      <p>
        {renewsAt === null
          ? words.say('end.plan_over.plain')
          : words.say('end.plan_over.more', { when: words.moment(renewsAt) })}
      </p>
      <Link to="plans" className="btn btn--quiet" testId="ended-plans" onFollow={() => screens.engine.stop()}>
        {words.say('plans.see')}
      </Link>
    </>
  );
}
