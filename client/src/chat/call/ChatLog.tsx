import { ArrowDown } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { groupMessages } from './message-groups';
import { sharedMessage } from '../messages/shared-interests';
import type { CallView } from '../engine/state';
import { useWords } from '../words';
import { ChatMessage } from './ChatMessage';
import { useScrollToEnd } from './useScrollToEnd';

/** The messages of the chat, and a button to the newest one while older ones are being read. */
export function ChatLog({
  call,
  endInView,
  onEndInView,
  onRetry,
}: {
  call: CallView;
  endInView: boolean;
  onEndInView: (inView: boolean) => void;
  onRetry: (id: string) => void;
}) {
  const words = useWords();
  const log = useRef<HTMLDivElement>(null);
  const mine = call.chat.findLast((line) => line.mine)?.id;
  const { toEnd, onScroll } = useScrollToEnd(log, `${call.chat.length} ${call.they.typing}`, onEndInView);

  // The user's own new message is always scrolled into view.
  useEffect(() => {
    if (mine !== undefined) toEnd();
  }, [mine, toEnd]);

  return (
    <div className="log-frame">
      <div
        ref={log}
        className="log"
        role="log"
        aria-label={words.say('chat.log')}
        data-testid="chat-log"
        tabIndex={0}
        onScroll={onScroll}
      >
        <p className="start">
          <b>{sharedMessage(call, words) ?? words.say('chat.met', { name: call.partner.name })}</b>
          {words.say(call.shared.interests.length > 0 ? 'chat.ask' : 'chat.ask.any')}
        </p>
        {groupMessages(call.chat).map(({ line, last }) => (
          <ChatMessage
            key={line.id}
            line={line}
            last={last}
            name={call.partner.name}
            onRetry={() => onRetry(line.id)}
          />
        ))}
      </div>
      {!endInView && call.unread > 0 ? (
        <button
          type="button"
          className="btn log__new"
          data-testid="new-message"
          onClick={() => {
            toEnd();
            log.current?.focus({ preventScroll: true });
          }}
        >
          <ArrowDown className="i" aria-hidden="true" />
          {words.say('chat.new', { count: call.unread })}
        </button>
      ) : null}
    </div>
  );
}
