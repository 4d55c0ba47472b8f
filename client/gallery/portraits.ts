import theyPortrait from './portraits/they.svg?url';
import youPortrait from './portraits/you.svg?url';

const SIZE = { width: 960, height: 720 };
const FRAMES_PER_SECOND = 20;

const PORTRAITS = { they: theyPortrait, you: youPortrait } as const;

/** A stream of a drawn portrait that moves a little, instead of a camera. */
export async function portraitStream(of: 'they' | 'you', drawn: boolean): Promise<MediaStream> {
  if (!drawn) return plainStream(of);
  const image = new Image();
  image.src = PORTRAITS[of];
  await image.decode();
  // The drawing has filters that are slow to render, so it is rendered once and only the copy moves.
  const still = document.createElement('canvas');
  still.width = SIZE.width * 1.06;
  still.height = SIZE.height * 1.06;
  still.getContext('2d')?.drawImage(image, 0, 0, still.width, still.height);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, SIZE);
  const pen = canvas.getContext('2d');
  const draw = () => {
    const time = performance.now() / 1000;
    pen?.drawImage(still, -28 + 14 * Math.sin(time * 0.7), -21 + 10 * Math.sin(time * 0.9));
  };
  draw();
  window.setInterval(draw, 1000 / FRAMES_PER_SECOND);
  return canvas.captureStream(FRAMES_PER_SECOND);
}

/** A stream of one colour, for tests that do not look at the videos. */
function plainStream(of: 'they' | 'you'): MediaStream {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  const draw = () => {
    if (!pen) return;
    pen.fillStyle = of === 'they' ? '#1f6a66' : '#b8572b';
    pen.fillRect(0, 0, canvas.width, canvas.height);
  };
  draw();
  window.setInterval(draw, 1000);
  return canvas.captureStream(1);
}
