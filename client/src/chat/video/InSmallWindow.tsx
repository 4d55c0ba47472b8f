import { PictureInPicture2 } from 'lucide-react';
import { useWords } from '../words';

/** Stands where the partner's video was. The browser would write words of its own there, on black. */
export function InSmallWindow({ name }: { name: string }) {
  const words = useWords();
  return (
    <div className="sign sign--they sign--voice">
      <span className="sign__form" aria-hidden="true">
        <PictureInPicture2 className="i" />
      </span>
      <p className="sign__caption" data-testid="in-small-window">
        {words.say('they.in_small_window', { name })}
      </p>
    </div>
  );
}
