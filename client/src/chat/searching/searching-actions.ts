import type { Mode, WishesInput } from '../../../../src/protocol';
import type { ScreenStore } from '../screens/screen-store';

/** The actions of the search screen. */
export interface SearchingActions {
  stop: () => void;
  changeWishes: () => void;
  tryNow: () => void;
  tryDevices: () => void;
  goOn: (how: 'audio' | 'text' | 'without_microphone') => void;
  notThisTime: () => void;
  /** Searches in another mode, with the other wishes as they are. */
  switchMode: (mode: Mode) => void;
}

export function searchingActions(
  screens: ScreenStore,
  openWishes: () => void,
  wishesFor: (mode: Mode) => WishesInput,
): SearchingActions {
  const { engine } = screens;
  const { intent } = screens.getSnapshot();
  return {
    stop: () => screens.cancel(),
    changeWishes: () => {
      screens.cancel();
      openWishes();
    },
    tryNow: () => engine.reconnectNow(),
    tryDevices: () => intent && screens.search(intent.wishes, intent.withoutMicrophone),
    goOn: (how) => {
      if (!intent) return;
      if (how === 'without_microphone') screens.search(intent.wishes, true);
      else screens.search({ ...intent.wishes, mode: how });
    },
    notThisTime: () => engine.next(),
    switchMode: (mode) => {
      screens.cancel();
      screens.search(wishesFor(mode));
    },
  };
}
