import type { CallControls } from '../call/useCallControls';
import type { Command } from './keys';
import type { Stage } from './stage';

/** What each key does. */
export function runCommand(command: Command, stage: Stage, controls: CallControls, help: () => void): void {
  const { engine } = stage;
  const { camera, microphone } = engine.getState().devices;
  const commands: Record<Command, () => void> = {
    help,
    next: () => engine.next(),
    mute: () => engine.setMicrophone(microphone.state !== 'ready' || microphone.off),
    camera: () => engine.setCamera(camera.state !== 'ready' || camera.off),
    chat: controls.toggleChat,
    full: () => document.querySelector<HTMLButtonElement>('.tr__full')?.click(),
    report: () => controls.openSheet('report'),
    block: () => {
      const { phase } = engine.getState();
      const isDone = phase.phase === 'parted' && phase.reason === 'blocked';
      if (!isDone) controls.openSheet('block');
    },
    accept: () => engine.accept(),
    stop_search: () => stage.giveUp(),
    stop_call: controls.stopByKey,
    leave_field: () => (document.activeElement as HTMLElement | null)?.blur(),
    stay: () => engine.stayHere(),
  };
  commands[command]();
}
