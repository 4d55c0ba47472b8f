import { AudioLines, Type, Video } from 'lucide-react';
import { useId } from 'react';
import { MODES, type Mode } from '../../../../src/protocol';
import { useWords } from '../words';

const ICONS = { video: Video, audio: AudioLines, text: Type } as const;

/** Video, voice or text. */
export function ModeChoice({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  const words = useWords();
  const name = useId();
  return (
    <fieldset className="seg">
      <legend className="sr">{words.say('landing.mode')}</legend>
      {MODES.map((choice) => {
        const Icon = ICONS[choice];
        return (
          <label key={choice} className="seg__one">
            <input
              className="sr"
              type="radio"
              name={name}
              value={choice}
              checked={mode === choice}
              onChange={() => onChange(choice)}
            />
            <span>
              <Icon className="i" aria-hidden="true" />
              {words.say(`mode.${choice}`)}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
