/**
 * Starts the keys and channels that nodes talk to each other by. The number is the version of what they hold: nodes of
 * two versions do not understand each other, so they share one Redis without seeing each other's keys.
 */
export const KEY_PREFIX = 'passerby:2:';
