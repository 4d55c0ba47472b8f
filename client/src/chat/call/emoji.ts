/** Emoji for a first conversation. Screen readers know their names in the user's language. */
export const EMOJI = [
  ...['👋', '😊', '😂', '🙂', '😉', '😍', '🤔', '😮'],
  ...['😅', '🙃', '😎', '🥲', '😢', '😴', '🤗', '🙏'],
  ...['👍', '👎', '👏', '🙌', '💪', '✌️', '🤝', '🤷'],
  ...['❤️', '🔥', '🎉', '✨', '☕', '🎵', '🌍', '🐱'],
] as const;

export const EMOJI_IN_ROW = 8;

/** The emoji that an arrow key leads to, or null for other keys. */
export function emojiAfterKey(at: number, key: string, dir: 'ltr' | 'rtl'): number | null {
  const forward = dir === 'ltr' ? 1 : -1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: forward,
    ArrowLeft: -forward,
    ArrowDown: EMOJI_IN_ROW,
    ArrowUp: -EMOJI_IN_ROW,
  };
  if (key === 'Home') return 0;
  if (key === 'End') return EMOJI.length - 1;
  const step = steps[key];
  if (step === undefined) return null;
  const next = at + step;
  return next < 0 || next >= EMOJI.length ? at : next;
}

/** Puts an emoji where the cursor is, in place of what is selected. Null where the text would become too long. */
export function withEmoji(
  text: string,
  emoji: string,
  selection: { start: number; end: number },
  longest: number,
): { text: string; cursor: number } | null {
  const written = text.slice(0, selection.start) + emoji + text.slice(selection.end);
  return written.length > longest ? null : { text: written, cursor: selection.start + emoji.length };
}
