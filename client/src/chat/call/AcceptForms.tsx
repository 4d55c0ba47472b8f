import { useId } from 'react';

const THEY = 'M10 4h30a29 29 0 0 1 0 58H10a8 8 0 0 1-8-8V12a8 8 0 0 1 8-8Z';
const YOU = 'M108 26H78a29 29 0 0 0 0 58h30a8 8 0 0 0 8-8V34a8 8 0 0 0-8-8Z';
const TICK = { they: 'm17 33 8 8 15-16', you: 'm79 55 8 8 15-16' } as const;

/** Two shapes slide together and the place where they cross lights up. Each is filled when its person has accepted. */
export function AcceptForms({ you, they }: { you: boolean; they: boolean }) {
  const clip = useId();
  return (
    <svg className="forms" viewBox="0 0 118 90" aria-hidden="true">
      <clipPath id={clip}>
        <path d={THEY} />
      </clipPath>
      <g className="forms__from-start">
        <path className={they ? 'forms__they' : 'forms__they forms__open'} d={THEY} />
        {they ? <path className="forms__tick" d={TICK.they} /> : null}
      </g>
      <g className="forms__from-end">
        <path className={you ? 'forms__you' : 'forms__you forms__open'} d={YOU} />
        {you ? <path className="forms__tick" d={TICK.you} /> : null}
      </g>
      <path className="forms__lens" d={YOU} clipPath={`url(#${clip})`} />
    </svg>
  );
}
