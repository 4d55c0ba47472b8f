import { AudioLines, MicOff, Type, VideoOff } from 'lucide-react';
import type { Mode } from '../../../../src/protocol';
import type { Devices } from '../engine/state';
import { SpeakingBars } from './SpeakingBars';
import { VideoSlot, useVideoHosts } from './VideoProvider';
import { Silhouette } from './Silhouette';

/** The user's own window: the self-view, or an icon for why there is none. */
export function SelfView({ mode, devices }: { mode: Mode; devices: Devices }) {
  const { camera, microphone, stream } = devices;
  if (mode === 'text') return <Sign icon={Type} />;
  if (mode === 'audio') {
    if (microphone.state === 'ready' && !microphone.off) return <OwnVoice />;
    return (
      <Sign icon={microphone.state === 'faulty' || microphone.state === 'ready' ? MicOff : AudioLines} />
    );
  }
  if (camera.state === 'ready') {
    if (camera.off) return <Sign icon={VideoOff} />;
    return stream ? <VideoSlot of="own" /> : null;
  }
  return camera.state === 'faulty' ? <Sign icon={VideoOff} /> : <Silhouette of="you" />;
}

function OwnVoice() {
  const { levels } = useVideoHosts();
  return (
    <div className="sign" aria-hidden="true">
      <SpeakingBars of="own" level={levels.own} />
    </div>
  );
}

function Sign({ icon: Icon }: { icon: typeof Type }) {
  return (
    <div className="sign" aria-hidden="true">
      <Icon className="i" />
    </div>
  );
}
