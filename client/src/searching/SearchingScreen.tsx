import { MicOff, VideoOff } from 'lucide-react';
import type { EngineState } from '../engine/state';
import type { Intent, SearchView } from '../app/scene';
import { Header } from '../parts/Header';
import { LevelMeter } from '../parts/LevelMeter';
import { OwnFace } from '../parts/OwnFace';
import { useWords } from '../words/WordsProvider';
import { Drift, DriftInside } from './Drift';
import { FaultWords } from './FaultWords';
import { FoundWords } from './FoundWords';
import { LookingWords } from './LookingWords';
import { AskingWords, ConnectingWords, OfflineWords } from './WaitingWords';
import { FoundWindow } from './FoundWindow';
import type { SearchingActions } from './searching-actions';
import './searching.css';

/** The landing's skeleton: words on one side become the ladder, one's own window stays where it was. */
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
  intent: Intent | null;
  level: () => number;
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
  const drifting = view.is === 'looking' || view.is === 'connecting' || view.is === 'asking';
  return (
    <div className="searching" data-view={view.is}>
      <Header menu={false} onSettings={onSettings} onKeys={onKeys} />
      <main className="room">
        <div className="room__words">
          <WordsFor state={state} view={view} mode={mode} actions={actions} />
        </div>
        <div className="street on-video" aria-hidden="true">
          {drifting ? <Drift /> : null}
          {view.is === 'meeting' || drifting ? null : <div className="lone" />}
          {view.is === 'meeting' && phase.phase === 'call' ? <FoundWindow call={phase.call} /> : null}
          <div className="you">
            {view.is === 'faulty' ? (
              <div className="sign">
                {view.readiness.kind === 'microphone' ? <MicOff className="i" /> : <VideoOff className="i" />}
              </div>
            ) : (
              <OwnFace mode={mode} devices={devices} />
            )}
            {drifting ? <DriftInside /> : null}
            {view.is === 'faulty' ? null : (
              <span className="tag">
                {mode === 'text' ? null : <LevelMeter level={level} />}
                <span className="tag__words">
                  {words.say(mode === 'text' ? 'window.text' : 'window.only_you')}
                </span>
                {mode === 'text' ? null : <span className="tag__short">{words.say('window.you')}</span>}
              </span>
            )}
          </div>
          {view.is === 'meeting' ? <div className="lens" /> : null}
        </div>
      </main>
    </div>
  );
}

function WordsFor({
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
      return <AskingWords mode={mode} onStop={actions.stop} />;
    case 'faulty':
      return <FaultWords mode={mode} readiness={view.readiness} actions={actions} />;
    case 'connecting':
      return <ConnectingWords onStop={actions.stop} />;
    case 'offline':
      return (
        <OfflineWords
          why={view.why}
          keptUntil={view.keptUntil}
          onTry={actions.tryNow}
          onStop={actions.stop}
        />
      );
    case 'meeting':
      return phase.phase === 'call' ? <FoundWords call={phase.call} onNo={actions.notThisTime} /> : null;
    case 'looking':
    case 'alone':
      return phase.phase === 'searching' ? (
        <LookingWords state={state} phase={phase} alone={view.is === 'alone'} actions={actions} />
      ) : null;
  }
}
