const PREFIX = 'erased_';

/** What stands in records instead of the id of a user who was erased. `unique`: never the same for two users. */
export const erasedId = (unique: string): string => `${PREFIX}${unique}`;

export const isErasedId = (userId: string): boolean => userId.startsWith(PREFIX);
