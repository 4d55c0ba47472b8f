import { AudioLines, Type, VideoOff } from 'lucide-react';
import type { CallView } from '../engine/state';
import { PictureSlot } from './Pictures';
import { Silhouette } from './Silhouette';

/** What is in their window. Sound needs its place too, so the picture has one even when there is none to see. */
export function TheirFace({ call }: { call: CallView }) {
  const showsPicture = call.mode === 'video' && call.flowing && call.they.camera;
  const Icon = call.mode === 'text' ? Type : call.mode === 'audio' ? AudioLines : VideoOff;
  return (
    <div className="their-face" data-picture={showsPicture}>
      {showsPicture ? null : call.accept ? (
        <Silhouette of="they" />
      ) : (
        <div className="sign sign--they" aria-hidden="true">
          {call.mode === 'video' && call.they.camera ? null : <Icon className="i" />}
        </div>
      )}
      {call.mode === 'text' ? null : <PictureSlot of="other" />}
    </div>
  );
}
