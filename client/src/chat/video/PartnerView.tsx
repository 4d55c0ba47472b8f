import { AudioLines, Type, VideoOff } from 'lucide-react';
import type { CallView } from '../engine/state';
import { InSmallWindow } from './InSmallWindow';
import { PartnerVoice } from './PartnerVoice';
import { VideoSlot, useVideoHosts } from './VideoProvider';
import { Silhouette } from './Silhouette';

/**
 * The partner's window: the video, or an icon for why there is none. The video element is needed for sound too, so it
 * has a slot even when it shows nothing.
 */
export function PartnerView({ call, ended }: { call: CallView; ended: boolean }) {
  const { inSmallWindow } = useVideoHosts();
  const showsPicture = call.mode === 'video' && call.flowing && call.they.camera;
  const Icon = call.mode === 'text' ? Type : call.mode === 'audio' ? AudioLines : VideoOff;
  // No icon is shown while the video connects. An icon means that there will be no video.
  const hasSign = call.mode !== 'video' || !call.they.camera;
  return (
    <div className="their-face" data-picture={showsPicture} data-elsewhere={inSmallWindow}>
      {showsPicture && inSmallWindow ? <InSmallWindow name={call.partner.name} /> : null}
      {showsPicture ? null : call.mode === 'audio' && call.accept === null ? (
        <PartnerVoice call={call} ended={ended} />
      ) : call.accept && call.mode !== 'video' ? (
        <div className="sign sign--coming" aria-hidden="true" />
      ) : call.accept ? (
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
      {call.mode === 'text' ? null : <VideoSlot of="other" />}
    </div>
  );
}
