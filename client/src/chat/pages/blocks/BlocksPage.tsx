import { useSyncExternalStore } from 'react';
import type { ApiReply } from '../../../../../src/protocol';
import { useNow } from '../../../ui/time/useNow';
import type { UnblockState } from '../../../api/pending-unblocks';
import { LoadedContent } from '../../../ui/forms/LoadedContent';
import { ErrorMessage } from '../../../ui/forms/ErrorMessage';
import { useApiData } from '../../services/useApiData';
import { Page } from '../Page';
import type { PageProps } from '../page-frame';
import { useMe, useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

type Block = ApiReply<'blocks'>['blocks'][number];

/** The users whom this user has blocked. Removing a block can be undone for a moment. */
export function BlocksPage({ frame }: PageProps) {
  const words = useWords();
  const me = useMe();
  const { pendingUnblocks } = useServices();
  const unblocks = useSyncExternalStore(pendingUnblocks.subscribe, pendingUnblocks.getShown);
  const { loaded, again } = useApiData('blocks', me?.id ?? null);
  return (
    <Page frame={frame} heading={words.say('blocks.heading')} lead={words.say('blocks.lead')}>
      {me?.isAnonymous ? <p className="page__small">{words.say('blocks.guest')}</p> : null}
      <div className="page__part">
        <LoadedContent loaded={loaded} onAgain={again}>
          {({ blocks }) => {
            const shown = blocks.filter(({ userId }) => unblocks.get(userId)?.is !== 'sent');
            if (shown.length === 0) return <Empty />;
            return (
              <ul className="rows-list">
                {shown.map((block) => (
                  <BlockRow
                    key={block.userId}
                    block={block}
                    unblock={unblocks.get(block.userId)}
                    onUnblock={() => pendingUnblocks.begin(block.userId)}
                    onUndo={() => pendingUnblocks.undo(block.userId)}
                  />
                ))}
              </ul>
            );
          }}
        </LoadedContent>
      </div>
    </Page>
  );
}

function BlockRow({
  block: { name, at },
  unblock,
  onUnblock,
  onUndo,
}: {
  block: Block;
  unblock: UnblockState | undefined;
  onUnblock: () => void;
  onUndo: () => void;
}) {
  const words = useWords();
  const undoable = unblock?.is === 'undoable' ? unblock : null;
  const now = useNow(1000, undoable !== null);
  return (
    <li data-testid="block-list-item">
      <div className="rows-list__what">
        <span role="status">{undoable ? words.say('blocks.undone', { name }) : name}</span>
        {undoable ? null : <small>{words.say('blocks.at', { date: words.date(at) })}</small>}
        <ErrorMessage error={unblock?.is === 'failed' ? unblock.error : null} />
      </div>
      {/* One button with a changing label, so that it keeps the focus. */}
      <button
        type="button"
        className="btn btn--quiet num"
        data-testid={undoable ? 'undo-button' : 'unblock-button'}
        aria-label={words.say(undoable ? 'blocks.undo.name' : 'blocks.unblock.name', { name })}
        onClick={undoable ? onUndo : onUnblock}
      >
        {words.say(undoable ? 'blocks.undo' : 'blocks.unblock')}
        {undoable ? <small aria-hidden="true">{words.time(undoable.until - now)}</small> : null}
      </button>
    </li>
  );
}

function Empty() {
  const words = useWords();
  return (
    <div className="blocks__empty" data-testid="blocks-empty">
      <p>
        <b>{words.say('blocks.empty')}</b>
      </p>
      <p className="page__small">{words.say('blocks.empty.more')}</p>
    </div>
  );
}
