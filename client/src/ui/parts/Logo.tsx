import { useId } from 'react';

/** The product's logo: two shapes that overlap. */
export function Logo() {
  const clip = useId();
  return (
    <svg className="mark" viewBox="0 0 96 96" aria-hidden="true">
      <clipPath id={clip}>
        <path d="M10 12h24a28 28 0 0 1 0 56H10a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z" />
      </clipPath>
      <path className="t" d="M10 12h24a28 28 0 0 1 0 56H10a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z" />
      <path className="y" d="M86 28H62a28 28 0 0 0 0 56h24a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z" />
      <path
        className="m"
        d="M86 28H62a28 28 0 0 0 0 56h24a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z"
        clipPath={`url(#${clip})`}
      />
    </svg>
  );
}
