import { useCallback, useState, useSyncExternalStore } from 'react';
import { runCommand } from './app/run-command';
import { sceneAt } from './app/scene';
import { titleOf } from './app/sentences';
import type { Services } from './app/services';
import { spokenStatus } from './app/spoken';
import { useDocument } from './app/useDocument';
import { useFocusOnHeading } from './app/useFocusOnHeading';
import { useKeys } from './app/useKeys';
import { useWayBack } from './app/useWayBack';
import { CallScreen } from './call/CallScreen';
import { useCallControls } from './call/useCallControls';
import { LandingScreen } from './landing/LandingScreen';
import { usePreview } from './landing/usePreview';
import { useWishesForm } from './landing/useWishesForm';
import { toWishes, underPlan } from './landing/wishes-form';
import { PageScreen } from './pages/PageScreen';
import { KeysSheet } from './parts/KeysSheet';
import { Pictures } from './parts/Pictures';
import { usePreferences } from './parts/PreferencesProvider';
import { ServicesProvider, useLocation, useMe } from './parts/ServicesProvider';
import { SettingsSheet } from './parts/SettingsSheet';
import { PlainScreen } from './plain/PlainScreen';
import { searchingActions } from './searching/searching-actions';
import { SearchingScreen } from './searching/SearchingScreen';
import { useWords } from './words/WordsProvider';

export function App({ services }: { services: Services }) {
  return (
    <ServicesProvider services={services}>
      <Screens services={services} />
    </ServicesProvider>
  );
}

/** The one screen that is on, and the sheets that may lie over it. */
function Screens({ services: { stage, chime, steps } }: { services: Services }) {
  const words = useWords();
  const { preferences } = usePreferences();
  const { engine } = stage;
  const { state, scene: inCalls, intent } = useSyncExternalStore(stage.subscribe, stage.getShown);
  const { place, hash } = useLocation();
  const scene = sceneAt(place, inCalls);
  const me = useMe();
  const wishes = useWishesForm(me);
  const [agreed, setAgreed] = useState(false);
  const [layer, setLayer] = useState<'settings' | 'keys' | null>(null);
  const [wishesSheet, setWishesSheet] = useState<'who' | 'languages' | null>(null);

  const { phase } = state;
  const call = phase.phase === 'call' || phase.phase === 'parted' ? phase.call : null;
  const controls = useCallControls(engine, call?.callId ?? null);
  const level = useCallback(() => engine.level(), [engine]);
  const isMeeting = scene.screen === 'searching' && scene.view.is === 'meeting';
  const filters = (me?.plan ?? state.me?.plan)?.plan.filters ?? true;

  usePreview(engine, wishes.form.mode, scene.screen === 'landing');
  useWayBack(steps, phase.phase !== 'idle', () => {
    if (phase.phase === 'call') return controls.stopByKey();
    engine.stop();
    return true;
  });
  useFocusOnHeading(
    scene.screen === 'searching'
      ? scene.view.is
      : scene.screen === 'page'
        ? `${scene.place} ${hash}`
        : scene.screen,
  );
  useDocument(titleOf(scene, state, words), phase, chime);
  useKeys(
    {
      screen: scene.screen,
      meeting: isMeeting,
      mayAccept: phase.phase === 'call' && phase.call.accept?.you === false,
      counting: phase.phase === 'parted' && phase.nextAt !== null,
      parted: phase.phase === 'parted',
      layer: false,
      letters: preferences.letters,
    },
    (command) => runCommand(command, stage, controls, () => setLayer('keys')),
  );

  const meet = () => {
    chime.prepare();
    engine.dismissNotice();
    wishes.keep();
    stage.meet(toWishes(underPlan(wishes.form, filters)));
  };
  const around = { onSettings: () => setLayer('settings'), onKeys: () => setLayer('keys') };

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
          wishes={wishes}
          filters={filters}
          isAccount={me !== null && !me.isAnonymous}
          agreed={agreed}
          sheet={wishesSheet}
          level={level}
          onSheet={setWishesSheet}
          onAgreed={setAgreed}
          onTry={(mode) => engine.askDevices(mode)}
          onCamera={() => engine.setCamera(true)}
          onMeet={meet}
          {...around}
        />
      ) : null}
      {scene.screen === 'page' ? (
        <PageScreen
          place={scene.place}
          frame={{ notice: state.notice, ...around }}
          filters={filters}
          wishes={wishes}
        />
      ) : null}
      {scene.screen === 'searching' ? (
        <SearchingScreen
          state={state}
          view={scene.view}
          intent={intent}
          level={level}
          actions={searchingActions(stage, () => setWishesSheet('who'))}
          {...around}
        />
      ) : null}
      {scene.screen === 'call' && call ? (
        <CallScreen engine={engine} state={state} call={call} controls={controls} />
      ) : null}
      {scene.screen === 'plain' ? (
        <PlainScreen reason={scene.reason} onTry={() => engine.reconnectNow()} onKeys={around.onKeys} />
      ) : null}
      {layer === 'settings' ? (
        <SettingsSheet
          devices={state.devices}
          blurFirst={wishes.form.blurFirst}
          level={level}
          onDevice={(kind, deviceId) => engine.chooseDevice(kind, deviceId)}
          onBlurFirst={(blurFirst) => wishes.change({ blurFirst })}
          onClose={() => setLayer(null)}
        />
      ) : null}
      {layer === 'keys' ? <KeysSheet onClose={() => setLayer(null)} /> : null}
    </Pictures>
  );
}
