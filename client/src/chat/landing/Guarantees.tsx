import { DoorOpen, EyeOff, Hourglass, Type, User, VolumeX, type LucideIcon } from 'lucide-react';
import type { WishesForm } from '../wishes/wishes-form';
import { useWords, type PlainKey } from '../words';

interface Promised {
  readonly key: PlainKey;
  readonly more: PlainKey;
  readonly Icon: LucideIcon;
}

const ALWAYS: readonly Promised[] = [
  { key: 'promise.keep', more: 'promise.keep.more', Icon: Hourglass },
  { key: 'promise.guest', more: 'promise.guest.more', Icon: User },
];

/** Who does not ask to be asked first may be seen and heard at once. */
function inThisMode({ mode, blurFirst }: Pick<WishesForm, 'mode' | 'blurFirst'>): Promised {
  if (mode === 'text') return { key: 'promise.text', more: 'promise.text.more', Icon: Type };
  if (!blurFirst) return { key: 'promise.leave', more: 'promise.leave.more', Icon: DoorOpen };
  return mode === 'audio'
    ? { key: 'promise.blur.audio', more: 'promise.blur.audio.more', Icon: VolumeX }
    : { key: 'promise.blur', more: 'promise.blur.more', Icon: EyeOff };
}

/** Three guarantees that hold for every call of this mode. */
export function Guarantees(wishes: Pick<WishesForm, 'mode' | 'blurFirst'>) {
  const words = useWords();
  return (
    <ul className="promise" aria-label={words.say('promise.name')}>
      {[inThisMode(wishes), ...ALWAYS].map(({ key, more, Icon }) => (
        <li key={key}>
          <Icon className="i" aria-hidden="true" />
          <div>
            <b>{words.say(key)}</b>
            {words.say(more)}
          </div>
        </li>
      ))}
    </ul>
  );
}
