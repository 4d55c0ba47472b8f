import { useEffect } from 'react';
import type { CallView } from '../engine/state';
import { useVideoHosts } from '../video/VideoProvider';

const leave = (): void => {
  if (document.pictureInPictureElement) document.exitPictureInPicture().catch(() => undefined);
};

/**
 * Shows the partner's video in a window of its own above other programs. Null where the browser has no such window, and
 * while there is no video to show.
 */
export function usePictureInPicture(call: CallView): (() => void) | null {
  const { other } = useVideoHosts();
  const shows = call.mode === 'video' && call.accept === null && call.flowing && call.they.camera;
  // A browser without it has no such property, whatever the types say.
  if (!shows || !('pictureInPictureEnabled' in document) || !document.pictureInPictureEnabled) return null;
  return () => {
    if (document.pictureInPictureElement) return leave();
    other
      .querySelector('video')
      ?.requestPictureInPicture()
      .catch(() => undefined);
  };
}

/** The small window closes with the call: nothing of it stays above other programs. */
export function useNoPictureInPicture(isOver: boolean): void {
  useEffect(() => {
    if (isOver) leave();
  }, [isOver]);
  useEffect(() => leave, []);
}
