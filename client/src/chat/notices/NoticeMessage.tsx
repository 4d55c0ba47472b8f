import { useSyncExternalStore } from 'react';
import { UNDO_MS } from '../../api/pending-unblocks';
import { concernsPlan, noticeMessage } from './notice-messages';
import { errorMessage } from '../../ui/errors/error-message';
import { useNow } from '../../ui/time/useNow';
import type { Notice } from '../engine/state';
import { useWords } from '../words';
import { Link } from '../navigation/Link';
import { useServices } from '../services/ServicesProvider';

/** The text of a notice and the action that belongs to it. */
export function NoticeMessage({ notice, actClass = 'link' }: { notice: Notice; actClass?: string }) {
  const words = useWords();
  const now = useNow(5000, notice.code === 'plan_minutes_low');
  if (notice.code === 'blocked' && notice.about) {
    return <Blocked about={notice.about} notice={notice} actClass={actClass} />;
  }
  return (
    <>
      <span>{noticeMessage(notice, words, Math.max(now, notice.saidAt))}</span>{' '}
      {concernsPlan(notice.code) ? (
        <Link to="plans" className={actClass} testId="notice-plans">
          {words.say('plans.see')}
        </Link>
      ) : null}
    </>
  );
}

/** People block the wrong person by mistake, so the notice offers Undo. */
function Blocked({
  about,
  notice,
  actClass,
}: {
  about: { id: string; name: string };
  notice: Notice;
  actClass: string;
}) {
  const words = useWords();
  const { pendingUnblocks } = useServices();
  const unblock = useSyncExternalStore(pendingUnblocks.subscribe, pendingUnblocks.getShown).get(about.id);
  const now = useNow(1000, unblock === undefined);
  if (unblock?.is === 'sent') return <span role="status">{words.say('notice.unblocked')}</span>;
  const mayUndo = unblock?.is === 'failed' || now < notice.saidAt + UNDO_MS;
  return (
    <>
      <span>
        {unblock?.is === 'failed'
          ? errorMessage(unblock.error.details, notice.at, words)
          : words.say('notice.blocked')}
      </span>{' '}
      {mayUndo ? (
        <button
          type="button"
          className={actClass}
          data-testid="undo-block"
          onClick={() => pendingUnblocks.now(about.id)}
        >
          {words.say('notice.undo')}
        </button>
      ) : null}
    </>
  );
}
