import { EyeOff, Hourglass, User } from 'lucide-react';
import { useWords } from '../words';

const PROMISES = [
  { key: 'promise.blur', Icon: EyeOff },
  { key: 'promise.keep', Icon: Hourglass },
  { key: 'promise.guest', Icon: User },
] as const;

/** Three guarantees that hold for every call. */
export function Guarantees() {
  const words = useWords();
  return (
    <ul className="promise" aria-label={words.say('promise.name')}>
      {PROMISES.map(({ key, Icon }) => (
        <li key={key}>
          <Icon className="i" aria-hidden="true" />
          <div>
            <b>{words.say(key)}</b>
            {words.say(`${key}.more`)}
          </div>
        </li>
      ))}
    </ul>
  );
}
