import { Sheet } from '../../ui/parts/Sheet';
import { useWords } from '../words';

const RULES = ['rules.1', 'rules.2', 'rules.3', 'rules.4'] as const;

export function RulesSheet({ onClose }: { onClose: () => void }) {
  const words = useWords();
  return (
    <Sheet heading={words.say('rules.heading')} onClose={onClose}>
      <ol className="rules">
        {RULES.map((rule) => (
          <li key={rule}>{words.say(rule)}</li>
        ))}
      </ol>
      <div className="sheet__acts">
        <button type="button" className="btn btn--meet" onClick={onClose}>
          {words.say('app.done')}
        </button>
      </div>
    </Sheet>
  );
}
