import type { LucideIcon } from 'lucide-react';

/** One round of the row under the pictures: a sign, and the word for it underneath. */
export function Control({
  icon: Icon,
  word,
  pressed,
  className = '',
  disabled = false,
  onClick,
}: {
  icon: LucideIcon;
  word: string;
  /** Shown as a solid button. The word changes with the state, so it is not told a second time. */
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
    </button>
  );
}
