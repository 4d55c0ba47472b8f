import { en as shared } from '../../../ui/words/en';

/** Everything the console says, what it shares with the chat app included. */
export const en = {
  ...shared,
  'console.document': 'Moderators’ console',
  'console.heading': 'The moderators’ console is not part of this version',
  'console.lead': 'Reports are stored until it is. Meeting people works as always.',
  'console.to_chat': 'To the chat',
} as const;
