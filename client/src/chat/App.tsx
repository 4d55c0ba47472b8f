import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import type { Mode } from '../../../src/protocol';
import { runCommand } from './keyboard/run-command';
import { screenAt } from './screens/app-screen';
import { documentTitle } from './tab/document-title';
import type { Services } from './services/services';
import { noticeMessage } from './notices/notice-messages';
import { statusMessage } from './live-region/status-message';
import { useMatchNotification } from './tab/useMatchNotification';
import { useSounds } from './tab/useSounds';
import { useTab } from './tab/useTab';
import { useKeyboard } from '../ui/viewport/useKeyboard';
import { useHeadingFocus } from '../ui/focus/useHeadingFocus';
import { useShortcuts } from './keyboard/useShortcuts';
import { useHistoryGuard } from './history/useHistoryGuard';
import { CallScreen } from './call/CallScreen';
import { useCallControls } from './call/useCallControls';
import { LandingScreen } from './landing/LandingScreen';
import { usePreviewDevices } from './landing/usePreviewDevices';
import { useWishesForm } from './wishes/useWishesForm';
import type { WishesSheet } from './wishes/WishesRow';
import { toWishes, underPlan } from './wishes/wishes-form';
import { PageScreen } from './pages/PageScreen';
import { ShortcutsSheet } from './keyboard/ShortcutsSheet';
import { VideoProvider } from './video/VideoProvider';
import { usePreferences } from '../ui/preferences/PreferencesProvider';
import type { PageRoute } from './navigation/routes';
import { useAgreement } from './rules/useAgreement';
import { ServicesProvider, useLocation, useMe } from './services/ServicesProvider';
import { SettingsSheet } from './settings/SettingsSheet';
import { DisconnectedScreen } from './disconnected/DisconnectedScreen';
import { searchingActions } from './searching/searching-actions';
import { SearchingScreen } from './searching/SearchingScreen';
import { useWords } from './words';

export function App({ services }: { services: Services }) {
  return (
    <ServicesProvider services={services}>
      <Screens services={services} />
    </ServicesProvider>
  );
}

/** Renders the current screen and the sheets that may be open above it. */
function Screens({ services: { screens, router, chime, notifier, historyEntries } }: { services: Services }) {
  const words = useWords();
  const { preferences } = usePreferences();
  const { engine } = screens;
  const { state, screen: callScreen, intent } = useSyncExternalStore(screens.subscribe, screens.getSnapshot);
  const { route, hash } = useLocation();
  const screen = screenAt(route, callScreen);
  const [shownPage, setShownPage] = useState<PageRoute | null>(null);
  const me = useMe();
  const wishes = useWishesForm(me);
  const [agreed, setAgreed] = useAgreement();
  const [layer, setLayer] = useState<'settings' | 'keys' | null>(null);
  const [wishesSheet, setWishesSheet] = useState<WishesSheet | null>(null);

  const { phase } = state;
  const call = phase.phase === 'call' || phase.phase === 'ended' ? phase.call : null;
  const controls = useCallControls(engine, call?.callId ?? null);
  const level = useCallback(() => engine.level(), [engine]);
  const levels = useMemo(
    () => ({ own: () => level() ?? 0, other: () => engine.partnerLevel() }),
    [engine, level],
  );
  const isMatched = screen.screen === 'searching' && screen.view.is === 'matched';
  const filters = (me?.plan ?? state.me?.plan)?.plan.filters ?? true;

  usePreviewDevices(engine, wishes.form.mode, screen.screen);
  useHistoryGuard(historyEntries, phase.phase !== 'idle', () => {
    if (phase.phase === 'call') return controls.stopByKey();
    engine.stop();
    return true;
  });
  useHeadingFocus(
    screen.screen === 'searching'
      ? screen.view.is
      : screen.screen === 'page'
        ? `${screen.route} ${hash}`
        : screen.screen,
    screen.screen !== 'page' || screen.route === shownPage,
  );
  useTab(documentTitle(screen, state, words), phase);
  useMatchNotification(notifier, preferences.notify, phase, words);
  useKeyboard();
  useSounds(phase, preferences.sounds, chime);
  useShortcuts(
    {
      screen: screen.screen,
      matched: isMatched,
      mayAccept: phase.phase === 'call' && phase.call.accept?.you === false,
      counting: phase.phase === 'ended' && phase.nextAt !== null,
      ended: phase.phase === 'ended',
      layer: false,
      letters: preferences.letters,
    },
    (command) => runCommand(command, screens, controls, () => setLayer('keys')),
  );

  // A search may be in another mode than the one that is chosen for the next one.
  const usedMode =
    phase.phase === 'searching' ? phase.mode : (call?.mode ?? intent?.wishes.mode ?? wishes.form.mode);
  const wishesFor = (mode: Mode) => ({
    ...toWishes(underPlan({ ...wishes.form, mode }, filters)),
    showCountry: preferences.showCountry,
  });
  const meet = () => {
    chime.prepare();
    engine.dismissNotice();
    wishes.keep();
    screens.search(wishesFor(wishes.form.mode));
  };
  // The profile has the field itself, with changes that leaving it would lose.
  const mayChooseCountry =
    screen.screen === 'landing' || (screen.screen === 'page' && screen.route !== 'profile');
  const chooseCountry = () => {
    setLayer(null);
    router.go('home');
    setWishesSheet('country');
  };
  const around = { onSettings: () => setLayer('settings'), onKeys: () => setLayer('keys') };

  return (
    <VideoProvider own={state.devices.stream} call={call} speaker={state.devices.speaker} levels={levels}>
      <p className="sr" role="status">
        {statusMessage(screen, state, words)}
      </p>
      <p className="sr" role="alert">
        {state.notice?.code === 'device' ? noticeMessage(state.notice, words) : ''}
      </p>
      {screen.screen === 'landing' ? (
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
      {screen.screen === 'page' ? (
        <PageScreen
          route={screen.route}
          onShown={setShownPage}
          frame={{ notice: state.notice, ...around }}
          filters={filters}
          wishes={wishes}
        />
      ) : null}
      {screen.screen === 'searching' ? (
        <SearchingScreen
          state={state}
          view={screen.view}
          intent={intent}
          level={level}
          actions={searchingActions(screens, () => setWishesSheet('who'), wishesFor)}
          {...around}
        />
      ) : null}
      {screen.screen === 'call' && call ? (
        <CallScreen engine={engine} state={state} call={call} controls={controls} onKeys={around.onKeys} />
      ) : null}
      {screen.screen === 'disconnected' ? (
        <DisconnectedScreen
          reason={screen.reason}
          ban={screen.ban}
          onTry={() => engine.reconnectNow()}
          onKeys={around.onKeys}
        />
      ) : null}
      {layer === 'settings' ? (
        <SettingsSheet
          mode={usedMode}
          devices={state.devices}
          blurFirst={wishes.form.blurFirst}
          hasCountry={wishes.form.country !== null}
          level={level}
          onDevice={(kind, deviceId) => engine.chooseDevice(kind, deviceId)}
          onBlurFirst={(blurFirst) => wishes.change({ blurFirst })}
          onChooseCountry={mayChooseCountry ? chooseCountry : null}
          onClose={() => setLayer(null)}
        />
      ) : null}
      {layer === 'keys' ? <ShortcutsSheet onClose={() => setLayer(null)} /> : null}
    </VideoProvider>
  );
}
