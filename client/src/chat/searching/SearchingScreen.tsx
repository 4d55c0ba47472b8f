import { MicOff, VideoOff } from 'lucide-react';
import type { EngineState } from '../engine/state';
import type { SearchIntent, SearchView } from '../screens/app-screen';
import { Header } from '../navigation/Header';
import { LevelMeter, type Level } from '../devices/LevelMeter';
import { SelfView } from '../video/SelfView';
import type { Mode } from '../../../../src/protocol';
import { useWords, type PlainKey } from '../words';
import { PassingShapes, PassingShapesInside } from './PassingShapes';
import { DeviceErrorPanel } from './DeviceErrorPanel';
import { MatchedPanel } from './MatchedPanel';
import { SearchProgress } from './SearchProgress';
import { PermissionPanel, ConnectingPanel, OfflinePanel } from './WaitingPanels';
import { MatchedPartner } from './MatchedPartner';
import type { SearchingActions } from './searching-actions';
import './searching.css';

/** What the tag on the own window says of who sees or hears it. */
const OWN_TAG: Readonly<Record<Mode, PlainKey>> = {
  video: 'window.only_you',
  audio: 'window.unheard',
  text: 'window.text',
};

/**
 * The search: its progress on one side, the windows on the other. The user's window stays where it was on the landing
 * screen.
 */
export function SearchingScreen({
  state,
  view,
  intent,
  level,
  actions,
  onSettings,
  onKeys,
}: {
  state: EngineState;
  view: SearchView;
  intent: SearchIntent | null;
  level: Level;
  actions: SearchingActions;
  onSettings: () => void;
  onKeys: () => void;
}) {
  const words = useWords();
  const { phase, devices } = state;
  const mode =
    phase.phase === 'searching'
      ? phase.mode
      : phase.phase === 'call'
        ? phase.call.mode
        : (intent?.wishes.mode ?? 'video');
  const isAnimated = view.is === 'looking' || view.is === 'connecting' || view.is === 'asking';
  return (
    <div className="searching" data-view={view.is}>
      <Header menu={false} onSettings={onSettings} onKeys={onKeys} />
      <main className="room">
        <div className="room__words">
          <SearchPanel state={state} view={view} mode={mode} actions={actions} />
        </div>
        <div className="street on-video" aria-hidden="true">
          {isAnimated ? <PassingShapes /> : null}
          {view.is === 'matched' || isAnimated ? null : <div className="lone" />}
          {view.is === 'matched' && phase.phase === 'call' ? <MatchedPartner call={phase.call} /> : null}
          <div className="you">
            {view.is === 'faulty' ? (
              <div className="sign">
                {view.readiness.kind === 'microphone' ? <MicOff className="i" /> : <VideoOff className="i" />}
              </div>
            ) : (
              <SelfView mode={mode} devices={devices} />
            )}
            {isAnimated ? <PassingShapesInside /> : null}
            {view.is === 'faulty' ? null : (
              <span className="tag">
                {mode === 'text' ? null : <LevelMeter level={level} />}
                <span className="tag__words">{words.say(OWN_TAG[mode])}</span>
                {mode === 'text' ? null : <span className="tag__short">{words.say('window.you')}</span>}
              </span>
            )}
          </div>
          {view.is === 'matched' ? <div className="lens" /> : null}
        </div>
      </main>
    </div>
  );
}

function SearchPanel({
  state,
  view,
  mode,
  actions,
}: {
  state: EngineState;
  view: SearchView;
  mode: 'video' | 'audio' | 'text';
  actions: SearchingActions;
}) {
  const { phase } = state;
  switch (view.is) {
    case 'asking':
      return <PermissionPanel mode={mode} onStop={actions.stop} />;
    case 'faulty':
      return <DeviceErrorPanel mode={mode} readiness={view.readiness} actions={actions} />;
    case 'connecting':
      return <ConnectingPanel onStop={actions.stop} />;
    case 'offline':
      return (
        <OfflinePanel
          why={view.why}
          keptUntil={view.keptUntil}
          onTry={actions.tryNow}
          onStop={actions.stop}
        />
      );
    case 'matched':
      return phase.phase === 'call' ? <MatchedPanel call={phase.call} onNo={actions.notThisTime} /> : null;
    case 'looking':
    case 'alone':
      return phase.phase === 'searching' ? (
        <SearchProgress state={state} phase={phase} alone={view.is === 'alone'} actions={actions} />
      ) : null;
  }
}
