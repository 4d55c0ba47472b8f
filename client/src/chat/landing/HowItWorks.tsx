import { useId } from 'react';
import { useWords } from '../words';

const form = {
  they: (x: number): string => `M${x + 10} 12h24a28 28 0 0 1 0 56H${x + 10}a8 8 0 0 1-8-8V20a8 8 0 0 1 8-8Z`,
  you: (x: number): string => `M${x + 50} 28H${x + 26}a28 28 0 0 0 0 56h24a8 8 0 0 0 8-8V36a8 8 0 0 0-8-8Z`,
};

interface Step {
  line: 'walk.1' | 'walk.2' | 'walk.3' | 'walk.4' | 'walk.5';
  they: number;
  you: number;
  /** Which of the two people is still hidden. */
  veiled: readonly ('they' | 'you')[];
  lit: boolean;
}

const STEPS: readonly Step[] = [
  { line: 'walk.1', they: 0, you: 130, veiled: ['they'], lit: false },
  { line: 'walk.2', they: 33, you: 97, veiled: ['they', 'you'], lit: false },
  { line: 'walk.3', they: 47, you: 83, veiled: [], lit: true },
  { line: 'walk.4', they: 62, you: 68, veiled: [], lit: true },
  { line: 'walk.5', they: 110, you: 20, veiled: [], lit: false },
];

/** The five steps of a visit, each illustrated with the two shapes of the logo. */
export function HowItWorks() {
  const words = useWords();
  return (
    <section className="walk">
      <h2>{words.say('walk.heading')}</h2>
      <ol className="steps">
        {STEPS.map((step) => (
          <li key={step.line}>
            <StepDrawing step={step} />
            <h3>{words.say(step.line)}</h3>
            <p>{words.say(`${step.line}.more`)}</p>
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
