import { useLayoutEffect, useRef } from 'react';
import { runsOf } from '../app/chat-runs';
import { sharedLine } from '../app/sentences';
import type { CallView } from '../engine/state';
import { useWords } from '../words/WordsProvider';
import { MessageLine } from './MessageLine';

/** Within this many pixels of the end somebody is following along, so new lines may scroll into view. */
const NEAR_THE_END = 80;

export function ChatLog({ call, onRetry }: { call: CallView; onRetry: (id: string) => void }) {
  const words = useWords();
  const log = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const count = call.chat.length;
  const mineLast = call.chat.at(-1)?.mine === true;

  useLayoutEffect(() => {
    const element = log.current;
    if (element && (follows.current || mineLast)) element.scrollTop = element.scrollHeight;
  }, [count, mineLast, call.they.typing]);

  return (
    <div
      ref={log}
      className="log"
      role="log"
      aria-label={words.say('chat.log')}
      data-testid="chat-log"
      tabIndex={0}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
      }}
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
  );
}
