import type { Stage } from '../app/stage';

/** What can be done while looking, or while something stands in the way of it. */
export interface SearchingActions {
  stop: () => void;
  changeWishes: () => void;
  tryNow: () => void;
  tryDevices: () => void;
  goOn: (how: 'audio' | 'text' | 'without_microphone') => void;
  notThisTime: () => void;
}

export function searchingActions(stage: Stage, openWishes: () => void): SearchingActions {
  const { engine } = stage;
  const { intent } = stage.getShown();
  return {
    stop: () => stage.giveUp(),
    changeWishes: () => {
      stage.giveUp();
      openWishes();
    },
    tryNow: () => engine.reconnectNow(),
    tryDevices: () => intent && stage.meet(intent.wishes, intent.withoutMicrophone),
    goOn: (how) => {
      if (!intent) return;
      if (how === 'without_microphone') stage.meet(intent.wishes, true);
      else stage.meet({ ...intent.wishes, mode: how });
    },
    notThisTime: () => engine.next(),
  };
}
