import type { Notice } from '../engine/state';
import type { WishesState } from '../wishes/useWishesForm';

/** What every page has around it. */
export interface PageFrame {
  notice: Notice | null;
  onSettings: () => void;
  onKeys: () => void;
}

/** What every page gets. */
export interface PageProps {
  frame: PageFrame;
  /** Whether the plan includes the filters for gender, age and country. */
  filters: boolean;
  wishes: WishesState;
}
