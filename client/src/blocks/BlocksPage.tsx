import { useSyncExternalStore } from 'react';
import type { ApiReply } from '../../../src/protocol';
import { useNow } from '../app/useNow';
import type { Unblock } from '../api/unblocking';
import { LoadedRows } from '../forms/LoadedRows';
import { Refusal } from '../forms/Refusal';
import { useLoaded } from '../forms/useLoaded';
import { Page } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { useMe, useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';

type Block = ApiReply<'blocks'>['blocks'][number];

/** Whom one has blocked. Taking a block back can itself be taken back for a moment. */
export function BlocksPage({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const me = useMe();
  const { unblocking } = useServices();
  const unblocks = useSyncExternalStore(unblocking.subscribe, unblocking.getShown);
  const { loaded, again } = useLoaded('blocks', me?.id ?? null);
  return (
    <Page frame={frame} heading={words.say('blocks.heading')} lead={words.say('blocks.lead')}>
      {me?.isAnonymous ? <p className="page__small">{words.say('blocks.guest')}</p> : null}
      <div className="page__part">
        <LoadedRows loaded={loaded} onAgain={again}>
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
                    onUnblock={() => unblocking.begin(block.userId)}
                    onUndo={() => unblocking.undo(block.userId)}
                  />
                ))}
              </ul>
            );
          }}
        </LoadedRows>
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
  unblock: Unblock | undefined;
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
        <Refusal refused={unblock?.is === 'failed' ? unblock.error : null} />
      </div>
      {/* One button that changes its word, so that the focus stays where it was. */}
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
