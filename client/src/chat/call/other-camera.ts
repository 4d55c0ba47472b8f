interface Camera {
  id: string;
  label: string;
}

const FRONT = /front|user|vorder|frontal|avant|delantera/i;
const BACK = /back|rear|environment|rück|trasera|arrière/i;

function facingOf({ label }: Camera): 'front' | 'back' | null {
  if (FRONT.test(label)) return 'front';
  return BACK.test(label) ? 'back' : null;
}

/**
 * The camera to switch to, or null where there is only one. Phones have several cameras on their back, so where the
 * labels say on which side a camera is, the switch goes to the other side and not to the next one in the list.
 */
export function otherCamera(cameras: readonly Camera[], current: string): string | null {
  const known = cameras.filter(({ id }) => id !== '');
  if (known.length < 2) return null;
  const index = known.findIndex(({ id }) => id === current);
  const used = known[index];
  const facing = used ? facingOf(used) : null;
  const opposite =
    facing && known.find((camera) => facingOf(camera) === (facing === 'front' ? 'back' : 'front'));
  return (opposite ?? known[(index + 1) % known.length])?.id ?? null;
}
