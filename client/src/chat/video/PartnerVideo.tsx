import { useEffect, useRef } from 'react';
import type { CallView } from '../engine/state';

/** The partner's video and sound. Until both have accepted, it stays blurred and muted, whatever arrives. */
export function PartnerVideo({
  call,
  speaker,
  volume,
  silenced,
  onSilenced,
  onSmallWindow,
}: {
  call: CallView;
  /** The id of the device that the sound comes out of; empty for the system's default. */
  speaker: string;
  /** 0–1 */
  volume: number;
  /** The browser has blocked the sound. A user gesture makes this false again. */
  silenced: boolean;
  onSilenced: (silenced: boolean) => void;
  /** The browser shows the picture in a small window, and words of its own in its place here. */
  onSmallWindow: (shown: boolean) => void;
}) {
  const video = useRef<HTMLVideoElement>(null);
  const hidden = call.accept !== null;
  const { remote, flowing } = call;

  useEffect(() => {
    const element = video.current;
    if (element && element.srcObject !== remote) element.srcObject = remote;
  }, [remote]);

  useEffect(() => {
    const element = video.current;
    const entered = () => onSmallWindow(true);
    const left = () => onSmallWindow(false);
    element?.addEventListener('enterpictureinpicture', entered);
    element?.addEventListener('leavepictureinpicture', left);
    return () => {
      element?.removeEventListener('enterpictureinpicture', entered);
      element?.removeEventListener('leavepictureinpicture', left);
      left();
    };
  }, [onSmallWindow]);

  useEffect(() => {
    const element = video.current;
    if (!element || !('setSinkId' in element)) return;
    // A speaker that has just been unplugged is refused. The sound then stays where it is.
    element.setSinkId(speaker).catch(() => undefined);
  }, [speaker]);

  useEffect(() => {
    const element = video.current;
    if (!element) return;
    // Some phones let a page mute a video, but not make it quieter.
    element.volume = volume;
    element.muted = hidden || silenced || volume === 0;
    element.play().catch((reason: unknown) => {
      if (!(reason instanceof DOMException) || reason.name !== 'NotAllowedError') return;
      // Muted video may always play. The sound then waits for a user gesture.
      element.muted = true;
      onSilenced(true);
      element.play().catch(() => undefined);
    });
  }, [flowing, hidden, onSilenced, silenced, volume]);

  return (
    <video
      ref={video}
      className="picture__other"
      data-testid="other-video"
      data-flowing={flowing}
      data-hidden={hidden}
      autoPlay
      playsInline
      disablePictureInPicture={hidden}
      aria-hidden
    />
  );
}
