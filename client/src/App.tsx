import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Command } from './app/keys';
import type { SearchView } from './app/scene';
import { chime, prepareChime } from './app/chime';
import { spokenStatus } from './app/spoken';
import { titleOf } from './app/sentences';
import type { Stage } from './app/stage';
import { useFocusOnHeading } from './app/useFocusOnHeading';
import { useKeys } from './app/useKeys';
import { CallScreen, type CallSheet } from './call/CallScreen';
import { LandingScreen } from './landing/LandingScreen';
import { usePreview } from './landing/usePreview';
import { useWishesForm } from './landing/useWishesForm';
import { toWishes } from './landing/wishes-form';
import { KeysSheet } from './parts/KeysSheet';
import { Pictures } from './parts/Pictures';
import { usePreferences } from './parts/PreferencesProvider';
import { SettingsSheet } from './parts/SettingsSheet';
import { PlainScreen } from './plain/PlainScreen';
import type { SearchingActions } from './searching/searching-actions';
import { SearchingScreen } from './searching/SearchingScreen';
import { useWords } from './words/WordsProvider';

/** How long Esc waits for its second press. */
const STOP_WAITS_MS = 3000;

const isMeeting = (view: SearchView): boolean => view.is === 'meeting';

export function App({ stage }: { stage: Stage }) {
  const words = useWords();
  const { preferences } = usePreferences();
  const { engine } = stage;
  const { state, scene, intent } = useSyncExternalStore(stage.subscribe, stage.getShown);
  const { form, change, clear } = useWishesForm();
  const [agreed, setAgreed] = useState(false);
  const [layer, setLayer] = useState<'settings' | 'keys' | null>(null);
  const [wishesSheet, setWishesSheet] = useState<'who' | 'languages' | null>(null);
  const [callSheet, setCallSheet] = useState<CallSheet>(null);
  const [chatAsked, setChatAsked] = useState<boolean | null>(null);
  const [stopAsked, setStopAsked] = useState(false);
  const stopTimer = useRef<number | undefined>(undefined);

  const { phase } = state;
  const call = phase.phase === 'call' || phase.phase === 'parted' ? phase.call : null;
  const callId = phase.phase === 'call' ? phase.call.callId : null;
  const level = useCallback(() => engine.level(), [engine]);

  usePreview(engine, form.mode, scene.screen === 'landing');
  useFocusOnHeading(scene.screen === 'searching' ? scene.view.is : scene.screen);

  const title = titleOf(scene, state, words);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.documentElement.dataset.phase = phase.phase;
  }, [phase.phase]);
  useEffect(() => {
    if (callId !== null && document.hidden) chime();
    setStopAsked(false);
    setCallSheet(null);
  }, [callId]);

  const stop = useCallback(() => {
    window.clearTimeout(stopTimer.current);
    setStopAsked(false);
    engine.stop();
  }, [engine]);

  const stopByKey = () => {
    if (stopAsked) {
      stop();
      return;
    }
    setStopAsked(true);
    stopTimer.current = window.setTimeout(() => setStopAsked(false), STOP_WAITS_MS);
  };

  const run = (command: Command) => {
    const { camera, microphone } = state.devices;
    const commands: Record<Command, () => void> = {
      help: () => setLayer('keys'),
      next: () => engine.next(),
      mute: () => engine.setMicrophone(microphone.state !== 'ready' || microphone.off),
      camera: () => engine.setCamera(camera.state !== 'ready' || camera.off),
      chat: () => setChatAsked((open) => !(open ?? document.querySelector('.chat') !== null)),
      full: () => document.querySelector<HTMLButtonElement>('.tr__full')?.click(),
      report: () => setCallSheet('report'),
      block: () => setCallSheet('block'),
      accept: () => engine.accept(),
      stop_search: () => stage.giveUp(),
      stop_call: stopByKey,
      leave_field: () => (document.activeElement as HTMLElement | null)?.blur(),
      stay: () => engine.stayHere(),
    };
    commands[command]();
  };

  useKeys(
    {
      screen: scene.screen,
      meeting: scene.screen === 'searching' && isMeeting(scene.view),
      mayAccept: phase.phase === 'call' && phase.call.accept?.you === false,
      counting: phase.phase === 'parted' && phase.nextAt !== null,
      parted: phase.phase === 'parted',
      layer: false,
      letters: preferences.letters,
    },
    run,
  );

  const meet = () => {
    prepareChime();
    engine.dismissNotice();
    stage.meet(toWishes(form));
  };

  const actions: SearchingActions = {
    stop: () => stage.giveUp(),
    changeWishes: () => {
      stage.giveUp();
      setWishesSheet('who');
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

  return (
    <Pictures own={state.devices.stream} call={call}>
      <p className="sr" role="status">
        {spokenStatus(scene, state, words)}
      </p>
      <p className="sr" role="alert">
        {state.notice?.code === 'device_lost' ? words.say('notice.device_lost') : ''}
      </p>
      {scene.screen === 'landing' ? (
        <LandingScreen
          state={state}
          form={form}
          agreed={agreed}
          sheet={wishesSheet}
          level={level}
          onSheet={setWishesSheet}
          onChange={change}
          onAgreed={setAgreed}
          onClear={clear}
          onTry={(mode) => engine.askDevices(mode)}
          onMeet={meet}
          onSettings={() => setLayer('settings')}
          onKeys={() => setLayer('keys')}
        />
      ) : null}
      {scene.screen === 'searching' ? (
        <SearchingScreen
          state={state}
          view={scene.view}
          intent={intent}
          level={level}
          actions={actions}
          onSettings={() => setLayer('settings')}
          onKeys={() => setLayer('keys')}
        />
      ) : null}
      {scene.screen === 'call' && call ? (
        <CallScreen
          engine={engine}
          state={state}
          call={call}
          sheet={callSheet}
          chatAsked={chatAsked}
          stopAsked={stopAsked}
          onSheet={setCallSheet}
          onChat={setChatAsked}
          onStop={stop}
        />
      ) : null}
      {scene.screen === 'plain' ? (
        <PlainScreen
          reason={scene.reason}
          onTry={() => engine.reconnectNow()}
          onKeys={() => setLayer('keys')}
        />
      ) : null}
      {layer === 'settings' ? (
        <SettingsSheet
          devices={state.devices}
          blurFirst={form.blurFirst}
          level={level}
          onDevice={(kind, deviceId) => engine.chooseDevice(kind, deviceId)}
          onBlurFirst={(blurFirst) => change({ blurFirst })}
          onClose={() => setLayer(null)}
        />
      ) : null}
      {layer === 'keys' ? <KeysSheet onClose={() => setLayer(null)} /> : null}
    </Pictures>
  );
}
