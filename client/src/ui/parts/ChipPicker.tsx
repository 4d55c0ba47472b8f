import { X } from 'lucide-react';
import { useId, useMemo } from 'react';

/** The chosen items as chips, and a native select to add one more. A native select can be searched by typing. */
export function ChipPicker({
  codes,
  chosen,
  most,
  nameOf,
  language,
  addLabel,
  removeLabel,
  onChange,
}: {
  codes: readonly string[];
  chosen: readonly string[];
  most: number;
  nameOf: (code: string) => string;
  /** The language decides the alphabetical order. */
  language: string;
  addLabel: string;
  removeLabel: (name: string) => string;
  onChange: (chosen: readonly string[]) => void;
}) {
  const id = useId();
  const offered = useMemo(
    () =>
      codes
        .map((code) => ({ code, name: nameOf(code) }))
        .sort((a, b) => a.name.localeCompare(b.name, language)),
    [codes, language, nameOf],
  );
  return (
    <div className="picker">
      {chosen.map((code) => (
        <button
          key={code}
          type="button"
          className="chip"
          aria-label={removeLabel(nameOf(code))}
          onClick={() => onChange(chosen.filter((other) => other !== code))}
        >
          <span className="chip__words">{nameOf(code)}</span>
          <X className="i" aria-hidden="true" />
        </button>
      ))}
      {chosen.length < most ? (
        <>
          <label className="sr" htmlFor={id}>
            {addLabel}
          </label>
          <select
            id={id}
            className="select"
            value=""
            onChange={(event) => onChange([...chosen, event.target.value])}
          >
            <option value="">{addLabel}</option>
            {offered
              .filter(({ code }) => !chosen.includes(code))
              .map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
          </select>
        </>
      ) : null}
    </div>
  );
}
