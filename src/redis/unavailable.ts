/** Redis did not answer, or not as it should. What was asked may have been done all the same. */
export class RedisUnavailable extends Error {
  constructor(words: string, cause?: unknown) {
    super(`Redis: ${words}`, { cause });
    this.name = 'RedisUnavailable';
  }
}

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
