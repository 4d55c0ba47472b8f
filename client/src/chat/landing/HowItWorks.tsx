import { useId } from 'react';
import type { WishesForm } from '../wishes/wishes-form';
import { useWords, type PlainKey } from '../words';

const form = {
  they: (x: number): string => `M${x + 10} 12h24a28 28 0 0 1 0 56H${x + 10}a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z`,
  you: (x: number): string => `M${x + 50} 28H${x + 26}a28 28 0 0 0 0 56h24a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z`,
};

interface Step {
  line: PlainKey;
  more: PlainKey;
  they: number;
  you: number;
  /** Which of the two people is still hidden. */
  veiled: readonly ('they' | 'you')[];
  lit: boolean;
}

type How = Pick<WishesForm, 'mode' | 'blurFirst'>;

const WAIT: Step = {
  ...{ line: 'walk.1', more: 'walk.1.more' },
  ...{ they: 0, you: 130, veiled: ['they'], lit: false },
};
const MOVE_ON: Step = {
  ...{ line: 'walk.5', more: 'walk.5.more' },
  ...{ they: 110, you: 20, veiled: [], lit: false },
};

const MEETING = {
  video: 'walk.meet.video.more',
  audio: 'walk.meet.audio.more',
  text: 'walk.meet.text.more',
} as const;

/** From the match to the talk: in a text call, and where nobody wants to be asked, nothing is decided. */
function meeting({ mode, blurFirst }: How): readonly Step[] {
  const meet = { they: 47, you: 83, veiled: [], lit: true } as const;
  if (mode === 'text' || !blurFirst) return [{ line: 'walk.meet', more: MEETING[mode], ...meet }];
  const voice = mode === 'audio';
  return [
    {
      ...{ line: 'walk.2', more: voice ? 'walk.2.audio.more' : 'walk.2.more' },
      ...{ they: 33, you: 97, veiled: ['they', 'you'], lit: false },
    },
    { line: 'walk.3', more: voice ? 'walk.3.audio.more' : 'walk.3.more', ...meet },
  ];
}

function talking({ mode }: How): Step {
  const talk = { they: 62, you: 68, veiled: [], lit: true } as const;
  switch (mode) {
    case 'text':
      return { line: 'walk.4.text', more: 'walk.4.text.more', ...talk };
    case 'audio':
      return { line: 'walk.4', more: 'walk.4.audio.more', ...talk };
    case 'video':
      return { line: 'walk.4', more: 'walk.4.more', ...talk };
  }
}

/** The steps of a visit in this mode, each illustrated with the two shapes of the logo. */
export function HowItWorks(how: How) {
  const words = useWords();
  return (
    <section className="walk">
      <h2>{words.say('walk.heading')}</h2>
      <ol className="steps">
        {[WAIT, ...meeting(how), talking(how), MOVE_ON].map((step) => (
          <li key={step.line}>
            <StepDrawing step={step} />
            <h3>{words.say(step.line)}</h3>
            <p>{words.say(step.more)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepDrawing({ step }: { step: Step }) {
  const clip = useId();
  return (
    <svg viewBox="0 0 190 96" aria-hidden="true">
      <path className={step.veiled.includes('they') ? 't veil' : 't'} d={form.they(step.they)} />
      <path className={step.veiled.includes('you') ? 'y veil' : 'y'} d={form.you(step.you)} />
      {step.lit ? (
        <>
          <clipPath id={clip}>
            <path d={form.they(step.they)} />
          </clipPath>
          <path className="m" d={form.you(step.you)} clipPath={`url(#${clip})`} />
        </>
      ) : null}
    </svg>
  );
}
