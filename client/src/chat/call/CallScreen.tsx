import { useCallback, useRef } from 'react';
import type { Mode } from '../../../../src/protocol';
import { DevicesSheet } from '../devices/DevicesSheet';
import type { CallView, Devices, Engine, EngineState } from '../engine/state';
import { callHeading } from '../messages/call-messages';
import { useFocusAfterAccepting } from './useFocusAfterAccepting';
import { useFullScreen } from '../../ui/viewport/useFullScreen';
import { useWideScreen } from '../../ui/viewport/useWideScreen';
import { useWords } from '../words';
import { BlockSheet } from './BlockSheet';
import { ChatPanel } from './ChatPanel';
import { Controls } from './Controls';
import { SelfViewCorner } from './SelfViewCorner';
import { MoreSheet } from './MoreSheet';
import { NextLaterTag } from './NextLaterTag';
import { ReportSheet } from './ReportSheet';
import { useNextLater } from './useNextLater';
import { useNoPictureInPicture } from './usePictureInPicture';
import { useSwipe } from './useSwipe';
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
  onKeys,
}: {
  engine: Engine;
  state: EngineState;
  call: CallView;
  controls: CallControls;
  onKeys: () => void;
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
  const stage = useRef<HTMLElement>(null);
  const next = useCallback(() => engine.next(), [engine]);
  const mayGoOn = !unopened && sheet === null && ended?.reason !== 'plan_over';
  const later = useNextLater(mayGoOn ? `${call.callId} ${state.phase.phase}` : null, next);
  useSwipe(stage, later.ask);
  useNoPictureInPicture(ended !== null);
  const firstHeading = useFocusAfterAccepting(unopened);
  const heading = callHeading(unopened, ended !== null);
  const layout = isText && !unopened ? 'text' : chatOpen ? 'both' : 'stage';

  return (
    <div className="call" data-layout={layout} data-mode={call.mode}>
      <main ref={stage} className="stage on-video" aria-label={words.say(heading, { name })}>
        {unopened ? null : (
          <h1 ref={firstHeading} tabIndex={-1} className="sr">
            {words.say(heading, { name })}
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
          chatOpen={chatOpen}
          onChat={() => askChat(true)}
        />
        <SelfViewCorner
          call={ended ? { ...call, accept: null } : call}
          devices={state.devices}
          chatOpen={chatOpen}
          stays={unopened || ended !== null}
          onChat={() => askChat(true)}
          onDevices={() => openSheet('devices')}
          onCamera={(deviceId) => engine.chooseDevice('camera', deviceId)}
        />
        {later.at === null ? null : <NextLaterTag at={later.at} onUndo={later.undo} />}
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
        onDevices={() => openSheet('devices')}
        onMore={() => openSheet('more')}
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
      {sheet === 'more' ? (
        <MoreSheet
          call={call}
          devices={state.devices}
          full={full}
          onFull={toggle}
          onCamera={(deviceId) => engine.chooseDevice('camera', deviceId)}
          onDevices={() => openSheet('devices')}
          onKeys={onKeys}
          onClose={() => openSheet(null)}
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
