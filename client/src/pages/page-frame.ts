import type { Notice } from '../engine/state';

/** What every page has around it. */
export interface PageFrame {
  notice: Notice | null;
  onSettings: () => void;
  onKeys: () => void;
}
