import { useCallback, useEffect, useState } from 'react';
import type { Mode } from '../../../src/protocol';
import type { CallView, Engine, EngineState } from '../engine/state';
import { useFullScreen } from '../app/useFullScreen';
import { useWideScreen } from '../app/useWideScreen';
import { useWords } from '../words/WordsProvider';
import { BlockSheet } from './BlockSheet';
import { ChatPanel } from './ChatPanel';
import { Controls } from './Controls';
import { OwnCorner } from './OwnCorner';
import { ReportSheet } from './ReportSheet';
import { TheirStage } from './TheirStage';
import './call.css';
import './stage.css';
import './chat.css';

export type CallSheet = 'report' | 'block' | null;

/** Chat is the stage of a text call; beside pictures it begins open where there is room for both. */
const opensAtFirst = (mode: Mode, wide: boolean): boolean => mode === 'text' || wide;

/** The call, from the question whether to meet to the moment one of both walks on. */
export function CallScreen({
  engine,
  state,
  call,
  sheet,
  chatAsked,
  stopAsked,
  onSheet,
  onChat,
  onStop,
}: {
  engine: Engine;
  state: EngineState;
  call: CallView;
  sheet: CallSheet;
  /** What the person last did with the chat, or null while they have not touched it. */
  chatAsked: boolean | null;
  /** Stop was pressed once by key and waits for the second time. */
  stopAsked: boolean;
  onSheet: (sheet: CallSheet) => void;
  onChat: (open: boolean) => void;
  onStop: () => void;
}) {
  const words = useWords();
  const wide = useWideScreen();
  const { full, toggle } = useFullScreen();
  const parted = state.phase.phase === 'parted' ? state.phase : null;
  const isText = call.mode === 'text';
  const waitsForYes = call.accept !== null && !parted;
  const chatOpen = !waitsForYes && (isText || (chatAsked ?? opensAtFirst(call.mode, wide)));
  const { name } = call.partner;
  const layout = isText && !waitsForYes ? 'text' : chatOpen ? 'both' : 'stage';

  return (
    <div className="call" data-layout={layout} data-mode={call.mode}>
      <main className="stage on-video" aria-label={words.say('call.heading', { name })}>
        {waitsForYes ? null : (
          <h1 tabIndex={-1} className="sr">
            {words.say('call.heading', { name })}
          </h1>
        )}
        <TheirStage
          state={state}
          call={call}
          parted={parted}
          full={full}
          onFull={toggle}
          onAccept={() => engine.accept()}
          onNext={() => engine.next()}
          onReport={() => onSheet('report')}
          onBlock={() => onSheet('block')}
          onTryNow={() => engine.reconnectNow()}
          onStayHere={() => engine.stayHere()}
          onDismiss={() => engine.dismissNotice()}
        />
        <OwnCorner call={call} devices={state.devices} chatOpen={chatOpen} onChat={() => onChat(true)} />
      </main>
      <Controls
        engine={engine}
        state={state}
        call={call}
        parted={parted}
        chatOpen={chatOpen}
        stopAsked={stopAsked}
        onChat={() => onChat(!chatOpen)}
        onReport={() => onSheet('report')}
        onStop={onStop}
      />
      {chatOpen ? (
        <ChatPanel
          engine={engine}
          call={call}
          ended={parted !== null}
          onClose={isText ? null : () => onChat(false)}
        />
      ) : null}
      <Sheets engine={engine} call={call} ended={parted !== null} sheet={sheet} onSheet={onSheet} />
    </div>
  );
}

function Sheets({
  engine,
  call,
  ended,
  sheet,
  onSheet,
}: {
  engine: Engine;
  call: CallView;
  ended: boolean;
  sheet: CallSheet;
  onSheet: (sheet: CallSheet) => void;
}) {
  const [about] = useState(call.callId);
  const close = useCallback(() => onSheet(null), [onSheet]);
  // A sheet about somebody who has been replaced by the next person would hit the wrong one.
  useEffect(() => {
    if (about !== call.callId) close();
  }, [about, call.callId, close]);
  const { name } = call.partner;
  if (sheet === 'report') {
    return (
      <ReportSheet
        name={name}
        onSend={(type, text) => {
          engine.report(type, text);
          close();
        }}
        onClose={close}
      />
    );
  }
  if (sheet === 'block') {
    return (
      <BlockSheet
        name={name}
        ended={ended}
        onBlock={() => {
          engine.block();
          close();
        }}
        onClose={close}
      />
    );
  }
  return null;
}
