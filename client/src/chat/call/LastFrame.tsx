import { useLayoutEffect, useRef } from 'react';
import { useVideoHosts } from '../video/VideoProvider';

/** Longer than the window takes to slide away. A picture of somebody who has left is not kept for longer. */
const KEPT_MS = 1000;

/**
 * Shows the last frame of the partner's video while their window slides away, because browsers render a video black
 * after its track has ended.
 */
export function LastFrame() {
  const { other } = useVideoHosts();
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const still = canvas.current;
    const video = other.querySelector('video');
    if (!still || !video || video.videoWidth === 0) return undefined;
    still.width = video.videoWidth;
    still.height = video.videoHeight;
    still.getContext('2d')?.drawImage(video, 0, 0);
    const timer = window.setTimeout(() => (still.width = 0), KEPT_MS);
    return () => window.clearTimeout(timer);
  }, [other]);
  return <canvas className="last-frame" ref={canvas} width={0} aria-hidden="true" />;
}
