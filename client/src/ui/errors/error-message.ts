import type { RequestErrorDetails } from '../../errors/request-error';
import type { Key, UiMessages } from '../words';
import type { WordsOf } from '../words/words';

/** Describes an error that the server returned at `at`, and says when to try again where the server named a time. */
export function errorMessage<M extends UiMessages>(
  error: Pick<RequestErrorDetails, 'code' | 'retryAfterMs'>,
  at: number,
  words: WordsOf<M>,
): string {
  const key: Key = `error.${error.code}`;
  const message = words.fill(key, {});
  const { retryAfterMs } = error;
  if (retryAfterMs === undefined) return message;
  // The minutes of a plan renew on a date, so the message names the date instead of a waiting time.
  if (error.code === 'plan_minutes_used') {
    return `${message} ${words.fill('plans.left.more', { when: words.moment(at + retryAfterMs) })}.`;
  }
  return `${message} ${words.fill('notice.again_in', { time: words.time(retryAfterMs) })}`;
}
