import type { LucideIcon } from 'lucide-react';

/** A round button of the row under the videos: an icon with its label. */
export function Control({
  icon: Icon,
  word,
  short = word,
  pressed,
  className = '',
  disabled = false,
  onClick,
}: {
  icon: LucideIcon;
  word: string;
  /** What a phone has room for under the icon. It is a part of `word`, so that voice control finds the button by it. */
  short?: string;
  /** Shown as a filled button. The label already names the state, so there is no `aria-pressed`. */
  pressed?: boolean;
  className?: string;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className={`c ${className}`}
      data-on={pressed === true}
      disabled={disabled}
      onClick={onClick}
    >
      <span className="c__sign">
        <Icon className="i" aria-hidden="true" />
      </span>
      <span className="c__word">{word}</span>
      <span className="c__short" aria-hidden="true">
        {short}
      </span>
    </button>
  );
}
