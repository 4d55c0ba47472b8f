import { useId, useState, type FormEvent } from 'react';
import { LIMITS, REPORT_TYPES } from '../../../../src/protocol';
import { Sheet } from '../../ui/parts/Sheet';
import { useWords } from '../words';

type ReportType = (typeof REPORT_TYPES)[number];

/** The form of a report: a category and a free text. */
export function ReportSheet({
  name,
  onSend,
  onClose,
}: {
  name: string;
  onSend: (type: ReportType, text: string) => void;
  onClose: () => void;
}) {
  const words = useWords();
  const id = useId();
  const [type, setType] = useState<ReportType | null>(null);
  const [text, setText] = useState('');
  const [missed, setMissed] = useState(false);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (type) onSend(type, text.trim());
    else {
      setMissed(true);
      event.currentTarget.querySelector<HTMLInputElement>('input[type=radio]')?.focus();
    }
  };

  return (
    <Sheet heading={words.say('report.heading', { name })} lead={words.say('report.lead')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <fieldset className="choices" aria-describedby={missed ? `${id}why` : undefined}>
          <legend>{words.say('report.type')}</legend>
          {missed && !type ? (
            <p id={`${id}why`} className="choices__missed" role="alert">
              {words.say('report.type_needed')}
            </p>
          ) : null}
          <div className="options">
            {REPORT_TYPES.map((choice) => (
              <label key={choice} className="option">
                <input
                  type="radio"
                  name={`${id}type`}
                  value={choice}
                  checked={type === choice}
                  onChange={() => setType(choice)}
                />
                <span>{words.say(`report.${choice}`)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label className="field">
          <span>{words.say('report.description')}</span>
          <textarea
            rows={3}
            dir="auto"
            maxLength={LIMITS.reportChars}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <div className="sheet__acts">
          <button type="submit" className="btn btn--fill-danger">
            {words.say('report.send')}
          </button>
          <button type="button" className="btn btn--bare" onClick={onClose}>
            {words.say('app.cancel')}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
