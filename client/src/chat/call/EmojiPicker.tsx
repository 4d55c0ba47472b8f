import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useWords } from '../words';
import { EMOJI, emojiAfterKey } from './emoji';

/** A small grid of emoji. The arrow keys move in it, Esc closes it. */
export function EmojiPicker({ onPick, onClose }: { onPick: (emoji: string) => void; onClose: () => void }) {
  const words = useWords();
  const grid = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);

  useEffect(() => {
    grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [at]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      // Esc closes the picker and nothing behind it.
      event.preventDefault();
      event.stopPropagation();
      onClose();
      return;
    }
    if (isLetter(event)) {
      // What is typed belongs into the field, which gets the focus. No shortcut may take it.
      event.stopPropagation();
      onClose();
      return;
    }
    const next = emojiAfterKey(at, event.key, words.dir);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
  };

  return (
    <div
      ref={grid}
      className="emoji"
      role="toolbar"
      aria-label={words.say('chat.emoji')}
      onKeyDown={onKeyDown}
    >
      {EMOJI.map((emoji, index) => (
        <button
          key={emoji}
          type="button"
          className="emoji__one"
          tabIndex={index === at ? 0 : -1}
          onClick={() => {
            setAt(index);
            onPick(emoji);
          }}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

const isLetter = ({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  key !== ' ' && [...key].length === 1 && !ctrlKey && !metaKey && !altKey;
