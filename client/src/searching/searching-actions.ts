/** What can be done while looking, or while something stands in the way of it. */
export interface SearchingActions {
  stop: () => void;
  changeWishes: () => void;
  tryNow: () => void;
  tryDevices: () => void;
  goOn: (how: 'audio' | 'text' | 'without_microphone') => void;
  notThisTime: () => void;
}
