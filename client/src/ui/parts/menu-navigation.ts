export type MenuAction = { is: 'focus'; index: number } | { is: 'close' };

/** What a key does in an open menu of `count` links. `index` is the focused link, or -1 when none has the focus. */
export function menuAction(key: string, index: number, count: number): MenuAction | null {
  if (key === 'Escape') return { is: 'close' };
  if (count === 0) return null;
  switch (key) {
    case 'ArrowDown':
      return { is: 'focus', index: (index + 1) % count };
    case 'ArrowUp':
      return { is: 'focus', index: index <= 0 ? count - 1 : index - 1 };
    case 'Home':
      return { is: 'focus', index: 0 };
    case 'End':
      return { is: 'focus', index: count - 1 };
    default:
      return null;
  }
}
