import { ArrowDown } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { runsOf } from '../app/chat-runs';
import { sharedLine } from '../app/sentences';
import type { CallView } from '../engine/state';
import { useWords } from '../words/WordsProvider';
import { MessageLine } from './MessageLine';
import { useEndInView } from './useEndInView';

/** What was written, and while older lines are being read, a way to the newest. */
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
  const { toEnd, onScroll } = useEndInView(log, `${call.chat.length} ${call.they.typing}`, onEndInView);

  // What one writes oneself is always gone to.
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
          <b>{sharedLine(call, words) ?? words.say('chat.met', { name: call.partner.name })}</b>
          {words.say(call.shared.interests.length > 0 ? 'chat.ask' : 'chat.ask.any')}
        </p>
        {runsOf(call.chat).map(({ line, last }) => (
          <MessageLine
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
