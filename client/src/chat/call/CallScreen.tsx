import { useCallback } from 'react';
import type { Mode } from '../../../../src/protocol';
import { DevicesSheet } from '../devices/DevicesSheet';
import type { CallView, Devices, Engine, EngineState } from '../engine/state';
import { useFullScreen } from '../../ui/viewport/useFullScreen';
import { useWideScreen } from '../../ui/viewport/useWideScreen';
import { useWords } from '../words';
import { BlockSheet } from './BlockSheet';
import { ChatPanel } from './ChatPanel';
import { Controls } from './Controls';
import { SelfViewCorner } from './SelfViewCorner';
import { ReportSheet } from './ReportSheet';
import { PartnerPanel } from './PartnerPanel';
import type { CallControls, CallSheet } from './useCallControls';
import './call.css';
import './partner-panel.css';
import './chat.css';

/** The chat is the main part of a text call. In other calls it is open at first where the window is wide enough. */
const opensAtFirst = (mode: Mode, wide: boolean): boolean => mode === 'text' || wide;

/** The call, from the question whether to meet until the user leaves it. */
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
  const ended = state.phase.phase === 'ended' ? state.phase : null;
  const isText = call.mode === 'text';
  // Until both have accepted there is no chat.
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
        <PartnerPanel
          state={state}
          call={call}
          ended={ended}
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
        <SelfViewCorner
          call={call}
          devices={state.devices}
          chatOpen={chatOpen}
          onChat={() => askChat(true)}
          onDevices={() => openSheet('devices')}
        />
      </main>
      <Controls
        engine={engine}
        state={state}
        call={call}
        ended={ended}
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
          ended={ended !== null}
          onClose={isText ? null : () => askChat(false)}
        />
      ) : null}
      <Sheets
        engine={engine}
        devices={state.devices}
        call={call}
        ended={ended !== null}
        sheet={sheet}
        onSheet={openSheet}
      />
    </div>
  );
}

function Sheets({
  engine,
  devices,
  call,
  ended,
  sheet,
  onSheet,
}: {
  engine: Engine;
  devices: Devices;
  call: CallView;
  ended: boolean;
  sheet: CallSheet;
  onSheet: (sheet: CallSheet) => void;
}) {
  const close = useCallback(() => onSheet(null), [onSheet]);
  const level = useCallback(() => engine.level(), [engine]);
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
  if (sheet === 'devices') {
    return (
      <DevicesSheet
        mode={call.mode}
        devices={devices}
        level={level}
        onChoose={(kind, deviceId) => engine.chooseDevice(kind, deviceId)}
        onClose={close}
      />
    );
  }
  return null;
}
