import { Send, Smile } from 'lucide-react';
import { flushSync } from 'react-dom';
import { useEffect, useLayoutEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { LIMITS } from '../../../../src/protocol';
import { useWords } from '../words';
import { withEmoji } from './emoji';
import { EmojiPicker } from './EmojiPicker';

/** The user counts as typing for this long after the last key. */
const TYPING_RESTS_MS = 3000;
/** The remaining length is announced from this number of characters on. */
const NEARLY_FULL = 200;

/** The input of the chat. Enter sends, Shift+Enter begins a new line. */
export function ChatInput({
  ended,
  onSay,
  onTyping,
}: {
  ended: boolean;
  onSay: (text: string) => void;
  onTyping: (typing: boolean) => void;
}) {
  const words = useWords();
  const [text, setText] = useState('');
  const [picks, setPicks] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const rest = useRef<number | undefined>(undefined);
  const typing = useRef(false);

  const tell = (now: boolean) => {
    window.clearTimeout(rest.current);
    if (now) rest.current = window.setTimeout(() => tell(false), TYPING_RESTS_MS);
    if (typing.current !== now) {
      typing.current = now;
      onTyping(now);
    }
  };

  useEffect(() => () => window.clearTimeout(rest.current), []);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (ended || text.trim() === '') return;
    onSay(text.trim());
    tell(false);
    setText('');
    setPicks(false);
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };

  const pick = (emoji: string) => {
    const element = field.current;
    const selection = {
      start: element?.selectionStart ?? text.length,
      end: element?.selectionEnd ?? text.length,
    };
    const written = withEmoji(text, emoji, selection, LIMITS.chatChars);
    if (!written || !element) return;
    // The field has the text before the next emoji is put at its cursor.
    flushSync(() => setText(written.text));
    element.setSelectionRange(written.cursor, written.cursor);
    tell(true);
  };
  const closePicker = () => {
    setPicks(false);
    field.current?.focus();
  };

  const left = LIMITS.chatChars - text.length;
  return (
    <form className="say" onSubmit={send}>
      {picks && !ended ? <EmojiPicker onPick={pick} onClose={closePicker} /> : null}
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        data-testid="chat-input"
        aria-label={words.say('chat.input')}
        placeholder={words.say(ended ? 'chat.ended' : 'chat.placeholder')}
        maxLength={LIMITS.chatChars}
        enterKeyHint="send"
        readOnly={ended}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          tell(event.target.value.trim() !== '');
        }}
        onKeyDown={onKeyDown}
        onBlur={() => tell(false)}
      />
      {left <= NEARLY_FULL ? (
        <span className="say__left num" role="status">
          {words.say('chat.left', { count: left })}
        </span>
      ) : null}
      <button
        type="button"
        className="ib say__emoji"
        aria-label={words.say('chat.emoji')}
        aria-expanded={picks && !ended}
        disabled={ended}
        onClick={() => (picks ? closePicker() : setPicks(true))}
      >
        <Smile className="i" aria-hidden="true" />
      </button>
      <button
        type="submit"
        className="ib say__send"
        data-testid="chat-send"
        aria-label={words.say('chat.send')}
        aria-disabled={ended || text.trim() === ''}
      >
        <Send className="i i--turns" aria-hidden="true" />
      </button>
    </form>
  );
}
