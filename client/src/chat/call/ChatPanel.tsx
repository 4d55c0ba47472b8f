import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CallView, Engine } from '../engine/state';
import { useWords } from '../words';
import { ChatInput } from './ChatInput';
import { ChatLog } from './ChatLog';
import { useReading } from './useReading';

/** The chat: its messages, who is typing, and the input. */
export function ChatPanel({
  engine,
  call,
  ended,
  onClose,
}: {
  engine: Engine;
  call: CallView;
  ended: boolean;
  /** Null in a text call, whose chat cannot be closed. */
  onClose: (() => void) | null;
}) {
  const words = useWords();
  const { name } = call.partner;
  const [endInView, setEndInView] = useState(true);
  const panel = useRef<HTMLElement>(null);
  useReadWhenSeen(engine, call, endInView);
  useReading(panel, ended, (reading) => engine.holdNext('reading', reading));
  return (
    <aside ref={panel} className="chat" aria-label={words.say('chat.heading')}>
      <header>
        <div>
          <h2>{words.say('chat.heading')}</h2>
          <p>{words.say('chat.gone')}</p>
        </div>
        {onClose ? (
          <button type="button" className="ib" aria-label={words.say('chat.close')} onClick={onClose}>
            <X className="i" aria-hidden="true" />
          </button>
        ) : null}
      </header>
      <ChatLog
        call={call}
        endInView={endInView}
        onEndInView={setEndInView}
        onRetry={(id) => engine.retry(id)}
      />
      <div className="typing" role="status" data-testid="typing" data-on={call.they.typing && !ended}>
        {call.they.typing && !ended ? (
          <>
            <svg viewBox="0 0 30 14" aria-hidden="true">
              <path d="M3 1h6a6 6 0 0 1 0 12H3a2 2 0 0 1-2-2V3a2 2 0 0 1 2-2Z" />
            </svg>
            {words.say('chat.typing', { name })}
          </>
        ) : null}
      </div>
      <ChatInput
        key={call.callId}
        ended={ended}
        onSay={(text) => engine.say(text)}
        onTyping={(typing) => engine.setTyping(typing)}
      />
    </aside>
  );
}

/** Marks messages as read when they are in view in a visible tab. */
function useReadWhenSeen(engine: Engine, call: CallView, endInView: boolean): void {
  const [visible, setVisible] = useState(() => !document.hidden);
  const latest = useRef(engine);
  latest.current = engine;
  useEffect(() => {
    const changed = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  }, []);
  useEffect(() => {
    if (visible && endInView && call.unread > 0) latest.current.markRead();
  }, [visible, endInView, call.unread]);
}
