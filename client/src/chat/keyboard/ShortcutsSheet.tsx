import type { PlainKey } from '../words';
import { useWords } from '../words';
import { Sheet } from '../../ui/parts/Sheet';

const ESCAPE = { line: 'key.escape' } as const;

interface Row {
  key: string | { line: PlainKey };
  does: PlainKey;
}

const PARTS: readonly { heading: PlainKey; rows: readonly Row[] }[] = [
  {
    heading: 'keys.anywhere',
    rows: [
      { key: '?', does: 'keys.help' },
      { key: ESCAPE, does: 'keys.escape' },
    ],
  },
  { heading: 'keys.search', rows: [{ key: ESCAPE, does: 'keys.stop_search' }] },
  {
    heading: 'keys.call',
    rows: [
      { key: { line: 'key.enter' }, does: 'keys.accept' },
      { key: 'N', does: 'keys.next' },
      { key: 'M', does: 'keys.mute' },
      { key: 'V', does: 'keys.camera' },
      { key: 'C', does: 'keys.chat' },
      { key: 'F', does: 'keys.full' },
      { key: 'R', does: 'keys.report' },
      { key: 'B', does: 'keys.block' },
      { key: ESCAPE, does: 'keys.stop' },
    ],
  },
];

/** A list of all keyboard shortcuts. */
export function ShortcutsSheet({ onClose }: { onClose: () => void }) {
  const words = useWords();
  return (
    <Sheet heading={words.say('keys.heading')} onClose={onClose}>
      {PARTS.map((part) => (
        <section key={part.heading}>
          <h3 className="sheet__part">{words.say(part.heading)}</h3>
          <dl className="keys">
            {part.rows.map((row) => (
              <div key={row.does}>
                <dt>
                  <kbd>{typeof row.key === 'string' ? row.key : words.say(row.key.line)}</kbd>
                </dt>
                <dd>{words.say(row.does)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Sheet>
  );
}
