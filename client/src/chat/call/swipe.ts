export interface Swipe {
  /** How far the finger went, in px; positive is to the right. */
  dx: number;
  dy: number;
  ms: number;
  /** Where it began, from the left edge of the window. */
  startX: number;
  windowWidth: number;
}

const LEAST_PX = 80;
const LONGEST_MS = 700;
/** Browsers use swipes that begin at the edges of the screen to go back and forward. */
const EDGE_PX = 28;

/** Whether a movement of a finger asks for the next person: a quick, level swipe against the direction of reading. */
export function asksForNext({ dx, dy, ms, startX, windowWidth }: Swipe, dir: 'ltr' | 'rtl'): boolean {
  const forward = dir === 'ltr' ? -dx : dx;
  const fromEdge = startX < EDGE_PX || startX > windowWidth - EDGE_PX;
  return !fromEdge && ms <= LONGEST_MS && forward >= LEAST_PX && Math.abs(dy) < forward / 2;
}
