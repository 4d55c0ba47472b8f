import { AudioLines, Type, VideoOff } from 'lucide-react';
import type { CallView } from '../engine/state';
import { PictureSlot } from './Pictures';
import { Silhouette } from './Silhouette';

/** What is in their window. Sound needs its place too, so the picture has one even when there is none to see. */
export function TheirFace({ call }: { call: CallView }) {
  const showsPicture = call.mode === 'video' && call.flowing && call.they.camera;
  const Icon = call.mode === 'text' ? Type : call.mode === 'audio' ? AudioLines : VideoOff;
  // While a picture is on its way their form is plain; a sign says that none will come.
  const hasSign = call.mode !== 'video' || !call.they.camera;
  return (
    <div className="their-face" data-picture={showsPicture}>
      {showsPicture ? null : call.accept ? (
        <Silhouette of="they" />
      ) : (
        <div className={hasSign ? 'sign sign--they' : 'sign sign--coming'} aria-hidden="true">
          {hasSign ? (
            <span className="sign__form">
              <Icon className="i" />
            </span>
          ) : null}
        </div>
      )}
      {call.mode === 'text' ? null : <PictureSlot of="other" />}
    </div>
  );
}
