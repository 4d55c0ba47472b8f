import type { CallControls } from '../call/useCallControls';
import { isSending } from '../engine/state';
import type { Command } from './shortcuts';
import type { ScreenStore } from '../screens/screen-store';

/** Executes the command of a keyboard shortcut. */
export function runCommand(
  command: Command,
  screens: ScreenStore,
  controls: CallControls,
  help: () => void,
): void {
  const { engine } = screens;
  const { camera, microphone } = engine.getState().devices;
  const commands: Record<Command, () => void> = {
    help,
    next: () => engine.next(),
    mute: () => engine.setMicrophone(!isSending(microphone)),
    camera: () => engine.setCamera(!isSending(camera)),
    chat: controls.toggleChat,
    full: () => document.querySelector<HTMLButtonElement>('.tr__full')?.click(),
    report: () => controls.openSheet('report'),
    block: () => {
      const { phase } = engine.getState();
      const isDone = phase.phase === 'ended' && phase.reason === 'blocked';
      if (!isDone) controls.openSheet('block');
    },
    accept: () => engine.accept(),
    stop_search: () => screens.cancel(),
    stop_call: controls.stopByKey,
    leave_field: () => (document.activeElement as HTMLElement | null)?.blur(),
    stay: () => engine.stayHere(),
  };
  commands[command]();
}
