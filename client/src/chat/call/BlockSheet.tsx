import { Sheet } from '../../ui/parts/Sheet';
import { useWords } from '../words';

/**
 * Asks for confirmation, because a block ends the call. It can be undone for a moment here, and later on the blocks
 * page.
 */
export function BlockSheet({
  name,
  ended,
  onBlock,
  onClose,
}: {
  name: string;
  ended: boolean;
  onBlock: () => void;
  onClose: () => void;
}) {
  const words = useWords();
  return (
    <Sheet
      heading={words.say('block.heading', { name })}
      lead={words.say(ended ? 'block.lead.ended' : 'block.lead')}
      onClose={onClose}
    >
      <div className="sheet__acts">
        <button type="button" className="btn btn--fill-danger" onClick={onBlock}>
          {words.say('block.confirm')}
        </button>
        <button type="button" className="btn btn--bare" onClick={onClose}>
          {words.say(ended ? 'block.keep.ended' : 'block.keep')}
        </button>
      </div>
    </Sheet>
  );
}
