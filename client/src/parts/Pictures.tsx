import {
  createContext,
  use,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import type { CallView } from '../engine/state';
import { OtherPicture } from './OtherPicture';
import { OwnPicture } from './OwnPicture';

interface Hosts {
  own: HTMLElement;
  other: HTMLElement;
  /** The browser refused to play their sound until somebody presses something. */
  silenced: boolean;
  unsilence: () => void;
}

const HostsContext = createContext<Hosts | null>(null);

function makeHost(): HTMLElement {
  const host = document.createElement('div');
  host.className = 'picture';
  return host;
}

/**
 * Both pictures live as long as the page. Screens only lend them a place, so a change of screen moves a
 * playing picture instead of starting it anew, and it never goes dark in between.
 */
export function Pictures({
  own,
  call,
  children,
}: {
  own: MediaStream | null;
  call: CallView | null;
  children: ReactNode;
}) {
  const [hosts] = useState(() => ({ own: makeHost(), other: makeHost() }));
  const [silenced, setSilenced] = useState(false);
  const value = useMemo(
    () => ({ ...hosts, silenced, unsilence: () => setSilenced(false) }),
    [hosts, silenced],
  );
  useEffect(() => {
    if (!call) setSilenced(false);
  }, [call]);
  return (
    <HostsContext value={value}>
      {children}
      {createPortal(<OwnPicture stream={own} />, hosts.own)}
      {call && call.mode !== 'text'
        ? createPortal(
            <OtherPicture key={call.callId} call={call} silenced={silenced} onSilenced={setSilenced} />,
            hosts.other,
          )
        : null}
    </HostsContext>
  );
}

export function useHosts(): Hosts {
  const hosts = use(HostsContext);
  if (!hosts) throw new Error('useHosts needs Pictures above it');
  return hosts;
}

/** The place a screen lends to one of the two pictures. */
export function PictureSlot({ of }: { of: 'own' | 'other' }) {
  const slot = useRef<HTMLDivElement>(null);
  const host = useHosts()[of];
  useLayoutEffect(() => {
    const place = slot.current;
    place?.append(host);
    return () => {
      if (host.parentElement === place) host.remove();
    };
  }, [host]);
  return <div className="slot" ref={slot} />;
}
