import { useEffect, useRef } from 'react';

/** The self-view: mirrored, and always muted. */
export function SelfVideo({ stream }: { stream: MediaStream | null }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    // React does not write the attribute `muted`, and browsers do not autoplay video with sound.
    element.muted = true;
    if (element.srcObject !== stream) element.srcObject = stream;
    if (stream) element.play().catch(() => undefined);
  }, [stream]);
  // A mirror shows the user as they know themselves. What lies before the camera on the back is not mirrored.
  const [track] = stream?.getVideoTracks() ?? [];
  const facesAway = track?.getSettings().facingMode === 'environment';
  return (
    <video
      ref={video}
      className={facesAway ? 'picture__own picture__own--away' : 'picture__own'}
      data-testid="own-video"
      autoPlay
      playsInline
      muted
      aria-hidden
    />
  );
}
