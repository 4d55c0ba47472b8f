import { Check, CheckCheck, Clock, Undo2 } from 'lucide-react';
import type { ChatLine, MessageState } from '../engine/state';
import { useWords } from '../words/WordsProvider';

const TICKS = { sending: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck } as const;

/** One line of the chat. Whose it is shows in side and colour and is said in a word. */
export function MessageLine({
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
        {/* Only the words themselves say which way they run; the name before them may run the other way. */}
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
