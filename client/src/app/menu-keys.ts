export type MenuMove = { is: 'focus'; index: number } | { is: 'close' };

/** Where a key leads in an open menu of `count` links, `index` being the one with the focus (-1: none yet). */
export function menuMove(key: string, index: number, count: number): MenuMove | null {
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
