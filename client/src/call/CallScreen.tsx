import { useCallback } from 'react';
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
import type { CallControls, CallSheet } from './useCallControls';
import './call.css';
import './stage.css';
import './chat.css';

/** Chat is the stage of a text call; beside pictures it begins open where there is room for both. */
const opensAtFirst = (mode: Mode, wide: boolean): boolean => mode === 'text' || wide;

/** The call, from the question whether to meet to the moment one of both walks on. */
export function CallScreen({
  engine,
  state,
  call,
  controls: { sheet, openSheet, chatAsked, askChat, stopAsked, stop },
}: {
  engine: Engine;
  state: EngineState;
  call: CallView;
  controls: CallControls;
}) {
  const words = useWords();
  const wide = useWideScreen();
  const { full, toggle } = useFullScreen();
  const parted = state.phase.phase === 'parted' ? state.phase : null;
  const isText = call.mode === 'text';
  // Until both have said yes there is nothing to write to, and afterwards nothing that could be read again.
  const unopened = call.accept !== null;
  const chatOpen = !unopened && (isText || (chatAsked ?? opensAtFirst(call.mode, wide)));
  const { name } = call.partner;
  const layout = isText && !unopened ? 'text' : chatOpen ? 'both' : 'stage';

  return (
    <div className="call" data-layout={layout} data-mode={call.mode}>
      <main
        className="stage on-video"
        aria-label={words.say(unopened ? 'accept.heading' : 'call.heading', { name })}
      >
        {unopened ? null : (
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
          onReport={() => openSheet('report')}
          onBlock={() => openSheet('block')}
          onTryNow={() => engine.reconnectNow()}
          onStayHere={() => engine.stayHere()}
          onDismiss={() => engine.dismissNotice()}
        />
        <OwnCorner call={call} devices={state.devices} chatOpen={chatOpen} onChat={() => askChat(true)} />
      </main>
      <Controls
        engine={engine}
        state={state}
        call={call}
        parted={parted}
        chatOpen={chatOpen}
        stopAsked={stopAsked}
        onChat={() => askChat(!chatOpen)}
        onReport={() => openSheet('report')}
        onStop={stop}
      />
      {chatOpen ? (
        <ChatPanel
          engine={engine}
          call={call}
          ended={parted !== null}
          onClose={isText ? null : () => askChat(false)}
        />
      ) : null}
      <Sheets engine={engine} call={call} ended={parted !== null} sheet={sheet} onSheet={openSheet} />
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
  const close = useCallback(() => onSheet(null), [onSheet]);
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
