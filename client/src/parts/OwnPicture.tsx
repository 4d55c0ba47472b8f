import { useEffect, useRef } from 'react';

/** One's own picture: mirrored, as in a mirror, and always without sound. */
export function OwnPicture({ stream }: { stream: MediaStream | null }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    // React does not write the attribute `muted`, and a picture with sound may not start by itself.
    element.muted = true;
    if (element.srcObject !== stream) element.srcObject = stream;
    if (stream) element.play().catch(() => undefined);
  }, [stream]);
  return (
    <video
      ref={video}
      className="picture__own"
      data-testid="own-video"
      autoPlay
      playsInline
      muted
      aria-hidden
    />
  );
}
