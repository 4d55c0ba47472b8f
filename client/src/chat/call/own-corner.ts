/** Where the own window lies on the partner's picture. */
export const CORNERS = ['top-start', 'top-end', 'bottom-start', 'bottom-end'] as const;
export type Corner = (typeof CORNERS)[number];

export const DEFAULT_CORNER: Corner = 'bottom-end';

type Direction = 'ltr' | 'rtl';
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const cornerAt = (isTop: boolean, isLeft: boolean, dir: Direction): Corner =>
  `${isTop ? 'top' : 'bottom'}-${isLeft === (dir === 'ltr') ? 'start' : 'end'}`;

/** The corner of `stage` that is nearest to the middle of `window`. */
export function nearestCorner(window: Box, stage: Box, dir: Direction): Corner {
  const isLeft = window.left + window.width / 2 < stage.left + stage.width / 2;
  const isTop = window.top + window.height / 2 < stage.top + stage.height / 2;
  return cornerAt(isTop, isLeft, dir);
}

/** The corner after a key. Arrow keys move as they point, whatever the direction of the text; null for other keys. */
export function cornerAfterKey(corner: Corner, key: string, dir: Direction): Corner | null {
  const isTop = corner.startsWith('top');
  const isLeft = corner.endsWith('start') === (dir === 'ltr');
  switch (key) {
    case 'ArrowUp':
      return cornerAt(true, isLeft, dir);
    case 'ArrowDown':
      return cornerAt(false, isLeft, dir);
    case 'ArrowLeft':
      return cornerAt(isTop, true, dir);
    case 'ArrowRight':
      return cornerAt(isTop, false, dir);
    default:
      return null;
  }
}

/** As a person says it who looks at the screen. */
export function sideOf(
  corner: Corner,
  dir: Direction,
): 'top_left' | 'top_right' | 'bottom_left' | 'bottom_right' {
  const side = corner.endsWith('start') === (dir === 'ltr') ? 'left' : 'right';
  return corner.startsWith('top') ? `top_${side}` : `bottom_${side}`;
}

export const readCorner = (stored: string | null): Corner =>
  CORNERS.find((corner) => corner === stored) ?? DEFAULT_CORNER;
