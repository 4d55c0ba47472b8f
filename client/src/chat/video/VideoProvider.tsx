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
import { PartnerVideo } from './PartnerVideo';
import { SelfVideo } from './SelfVideo';

interface VideoHosts {
  own: HTMLElement;
  other: HTMLElement;
  /** The browser blocks the partner's sound until a user gesture. */
  silenced: boolean;
  unsilence: () => void;
  /** The partner's video is in a small window above other programs, and so not on the page. */
  inSmallWindow: boolean;
  /** How loud the partner is played, 0–1. It lasts for this visit, so that nobody wonders at the next one. */
  volume: number;
  setVolume: (volume: number) => void;
  /** How loud each of the two is right now, 0–1. */
  levels: VoiceLevels;
}

export interface VoiceLevels {
  own: () => number;
  other: () => number;
}

const VideoHostsContext = createContext<VideoHosts | null>(null);

function makeHost(): HTMLElement {
  const host = document.createElement('div');
  host.className = 'picture';
  return host;
}

/**
 * Keeps both video elements for as long as the page lives. Screens only provide slots: a change of screen moves a
 * playing element instead of creating a new one, so that the picture never turns black in between.
 */
export function VideoProvider({
  own,
  call,
  speaker,
  levels,
  children,
}: {
  own: MediaStream | null;
  call: CallView | null;
  /** Where the partner's sound comes out; empty for the system's default. */
  speaker: string;
  levels: VoiceLevels;
  children: ReactNode;
}) {
  const [hosts] = useState(() => ({ own: makeHost(), other: makeHost() }));
  const [silenced, setSilenced] = useState(false);
  const [volume, setVolume] = useState(1);
  const [inSmallWindow, setInSmallWindow] = useState(false);
  const value = useMemo(
    () => ({
      ...hosts,
      silenced,
      unsilence: () => {
        setSilenced(false);
        setVolume((before) => (before === 0 ? 1 : before));
      },
      inSmallWindow,
      volume,
      setVolume,
      levels,
    }),
    [hosts, silenced, inSmallWindow, volume, levels],
  );
  useEffect(() => {
    if (!call) setSilenced(false);
  }, [call]);
  return (
    <VideoHostsContext value={value}>
      {children}
      {createPortal(<SelfVideo stream={own} />, hosts.own)}
      {call && call.mode !== 'text'
        ? createPortal(
            <PartnerVideo
              key={call.callId}
              call={call}
              speaker={speaker}
              volume={volume}
              silenced={silenced}
              onSilenced={setSilenced}
              onSmallWindow={setInSmallWindow}
            />,
            hosts.other,
          )
        : null}
    </VideoHostsContext>
  );
}

export function useVideoHosts(): VideoHosts {
  const hosts = use(VideoHostsContext);
  if (!hosts) throw new Error('useVideoHosts needs VideoProvider above it');
  return hosts;
}

/** The slot of a screen for one of the two video elements. */
export function VideoSlot({ of }: { of: 'own' | 'other' }) {
  const slot = useRef<HTMLDivElement>(null);
  const host = useVideoHosts()[of];
  useLayoutEffect(() => {
    const place = slot.current;
    place?.append(host);
    return () => {
      if (host.parentElement === place) host.remove();
    };
  }, [host]);
  return <div className="slot" ref={slot} />;
}
