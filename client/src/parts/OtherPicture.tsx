import { useEffect, useRef } from 'react';
import type { CallView } from '../engine/state';

/** Their picture and sound. Until both have said yes it stays blurred and without sound, whatever arrives. */
export function OtherPicture({
  call,
  silenced,
  onSilenced,
}: {
  call: CallView;
  /** The browser held the sound back; a press of a button makes this false again. */
  silenced: boolean;
  onSilenced: (silenced: boolean) => void;
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
    if (!element) return;
    element.muted = hidden || silenced;
    element.play().catch((reason: unknown) => {
      if (!(reason instanceof DOMException) || reason.name !== 'NotAllowedError') return;
      // The picture may always play without sound; the sound then waits for a press of a button.
      element.muted = true;
      onSilenced(true);
      element.play().catch(() => undefined);
    });
  }, [flowing, hidden, onSilenced, silenced]);

  return (
    <video
      ref={video}
      className="picture__other"
      data-testid="other-video"
      data-flowing={flowing}
      data-hidden={hidden}
      autoPlay
      playsInline
      aria-hidden
    />
  );
}
