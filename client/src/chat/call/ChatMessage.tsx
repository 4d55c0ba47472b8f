import { Check, CheckCheck, Clock, Undo2 } from 'lucide-react';
import type { ChatLine, MessageState } from '../engine/state';
import { useWords } from '../words';

const TICKS = { sending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck } as const;

/** One message of the chat. Its author is shown by side and colour and named for screen readers. */
export function ChatMessage({
  line,
  last,
  name,
  onRetry,
}: {
  line: ChatLine;
  last: boolean;
  name: string;
  onRetry: () => void;
}) {
  const words = useWords();
  return (
    <div
      className={line.mine ? 'line line--you' : 'line line--they'}
      data-testid="message"
      data-state={line.mine ? line.state : 'received'}
      data-mine={line.mine}
    >
      <p className="m">
        <span className="sr">{line.mine ? words.say('chat.you') : words.say('chat.they', { name })}</span>
        {/* Only the text decides its own direction; the name before it may have another one. */}
        <span className="m__text" dir="auto">
          {line.text}
        </span>
      </p>
      {last || line.state === 'failed' ? (
        <div className="at">
          <time className="num" dateTime={new Date(line.at).toISOString()}>
            {words.timeOfDay(line.at)}
          </time>
          {line.mine ? <Receipt state={line.state} onRetry={onRetry} /> : null}
        </div>
      ) : null}
    </div>
  );
}

function Receipt({ state, onRetry }: { state: MessageState; onRetry: () => void }) {
  const words = useWords();
  if (state === 'failed') {
    return (
      <>
        <span className="at__failed">{words.say('message.failed')}</span>
        <button type="button" className="link" onClick={onRetry}>
          <Undo2 className="i" aria-hidden="true" />
          {words.say('message.retry')}
        </button>
      </>
    );
  }
  const Tick = TICKS[state];
  return (
    <>
      <Tick className="i" aria-hidden="true" />
      <span className={state === 'read' ? undefined : 'sr'}>{words.say(`message.${state}`)}</span>
    </>
  );
}
