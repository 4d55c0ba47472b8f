import type { PastMessage } from '../../protocol';

/** A page stays well below the size of a message between nodes and of a frame on a slow connection. */
const PAGE_BYTES = 32 * 1024;

export interface ChatPage {
  /** In the order in which they were sent. */
  readonly messages: readonly PastMessage[];
  /** Whether there are earlier messages than these. */
  readonly more: boolean;
}

const sizeOf = (message: PastMessage): number => Buffer.byteLength(JSON.stringify(message));

/**
 * The newest messages that were sent no later than `until`, as many as fit on a page, at least one. `messages` are in
 * the order in which they were sent. Messages of the same moment as the oldest one of a page may be on two pages.
 */
export function chatPage(messages: readonly PastMessage[], until = Infinity): ChatPage {
  const all = messages.filter(({ timestamp }) => timestamp <= until);
  let [first, bytes] = [all.length, 0];
  while (first > 0) {
    const next = all[first - 1];
    if (next === undefined) break;
    bytes += sizeOf(next);
    if (bytes > PAGE_BYTES && first < all.length) break;
    first -= 1;
  }
  return { messages: all.slice(first), more: first > 0 };
}
