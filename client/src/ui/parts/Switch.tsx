import { useId } from 'react';

export function Switch({
  label,
  more,
  on,
  onChange,
}: {
  label: string;
  more: string;
  on: boolean;
  onChange: (on: boolean) => void;
}) {
  const [id, moreId] = [useId(), useId()];
  return (
    <div className="setting setting--switch">
      <div>
        <label htmlFor={id}>{label}</label>
        <small id={moreId}>{more}</small>
      </div>
      <input
        id={id}
        type="checkbox"
        role="switch"
        className="switch"
        checked={on}
        aria-describedby={moreId}
        onChange={(event) => onChange(event.target.checked)}
      />
    </div>
  );
}
