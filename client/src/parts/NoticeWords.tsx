import { useSyncExternalStore } from 'react';
import { UNDO_MS } from '../api/unblocking';
import { concernsPlan, errorLine, noticeLine } from '../app/sentences';
import { useNow } from '../app/useNow';
import type { Notice } from '../engine/state';
import { useWords } from '../words/WordsProvider';
import { Link } from './Link';
import { useServices } from './ServicesProvider';

/** A notice in words, with the way on that belongs to it. */
export function NoticeWords({ notice, actClass = 'link' }: { notice: Notice; actClass?: string }) {
  const words = useWords();
  const now = useNow(5000, notice.code === 'plan_minutes_low');
  if (notice.code === 'blocked' && notice.about) {
    return <Blocked about={notice.about} at={notice.at} actClass={actClass} />;
  }
  return (
    <>
      <span>{noticeLine(notice, words, Math.max(now, notice.at))}</span>{' '}
      {concernsPlan(notice.code) ? (
        <Link to="plans" className={actClass} testId="notice-plans">
          {words.say('plans.see')}
        </Link>
      ) : null}
    </>
  );
}

/** Blocking the wrong person happens in a hurry, so it can be taken back where it was done. */
function Blocked({
  about,
  at,
  actClass,
}: {
  about: { id: string; name: string };
  at: number;
  actClass: string;
}) {
  const words = useWords();
  const { unblocking } = useServices();
  const unblock = useSyncExternalStore(unblocking.subscribe, unblocking.getShown).get(about.id);
  const now = useNow(1000, unblock === undefined);
  if (unblock?.is === 'sent') return <span role="status">{words.say('notice.unblocked')}</span>;
  const mayUndo = unblock?.is === 'failed' || now < at + UNDO_MS;
  return (
    <>
      <span>
        {unblock?.is === 'failed' ? errorLine(unblock.error.wire, at, words) : words.say('notice.blocked')}
      </span>{' '}
      {mayUndo ? (
        <button
          type="button"
          className={actClass}
          data-testid="undo-block"
          onClick={() => unblocking.now(about.id)}
        >
          {words.say('notice.undo')}
        </button>
      ) : null}
    </>
  );
}
