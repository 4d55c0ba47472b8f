import { useLayoutEffect, useRef } from 'react';
import { useHosts } from '../parts/Pictures';

/** Longer than their window takes to slide away; a picture of somebody who left is not kept beyond that. */
const KEPT_MS = 1000;

/** Their last picture while their window slides away: a browser paints a picture black once its track has ended. */
export function LastFrame() {
  const { other } = useHosts();
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
