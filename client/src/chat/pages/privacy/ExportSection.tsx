import { useState } from 'react';
import { downloadText } from '../../../ui/files/download';
import { DoneMessage, ErrorMessage } from '../../../ui/forms/ErrorMessage';
import { useAction } from '../../../ui/forms/useAction';
import { Section } from '../Page';
import { useServices } from '../../services/ServicesProvider';
import { useWords } from '../../words';

/** Downloads all data that is stored about the user. */
export function ExportSection() {
  const words = useWords();
  const { api } = useServices().account;
  const action = useAction();
  const [file, setFile] = useState<string | null>(null);
  const [withheld, setWithheld] = useState<readonly string[]>([]);
  const download = () =>
    action.run(async () => {
      const reply = await api.request('export');
      const name = `passerby-${new Date(reply.madeAt).toISOString().slice(0, 10)}.json`;
      downloadText(name, JSON.stringify(reply, null, 2), 'application/json');
      setFile(name);
      setWithheld(reply.withheld.map(({ what }) => words.say(`kept.${what}`)));
    });
  return (
    <Section heading={words.say('privacy.export')}>
      <p>{words.say('privacy.export.lead')}</p>
      <button
        type="button"
        className="btn btn--quiet"
        data-testid="export-button"
        aria-disabled={action.busy}
        onClick={() => void download()}
      >
        {words.say('privacy.export.button')}
      </button>{' '}
      <DoneMessage>{file === null ? null : words.say('privacy.export.done', { file })}</DoneMessage>
      {withheld.length > 0 ? (
        <p className="page__small">{words.say('privacy.withheld', { what: words.list(withheld, 'and') })}</p>
      ) : null}
      <ErrorMessage error={action.error} />
    </Section>
  );
}
