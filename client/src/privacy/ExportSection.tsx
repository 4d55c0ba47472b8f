import { useState } from 'react';
import { saveFile } from '../app/save-file';
import { Done, Refusal } from '../forms/Refusal';
import { useAction } from '../forms/useAction';
import { Section } from '../pages/Page';
import { useServices } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';

/** Everything that is kept of somebody, as a file. */
export function ExportSection() {
  const words = useWords();
  const { api } = useServices().account;
  const action = useAction();
  const [file, setFile] = useState<string | null>(null);
  const [withheld, setWithheld] = useState<readonly string[]>([]);
  const download = () =>
    action.run(async () => {
      const reply = await api.ask('export');
      const name = `passerby-${new Date(reply.madeAt).toISOString().slice(0, 10)}.json`;
      saveFile(name, JSON.stringify(reply, null, 2), 'application/json');
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
      <Done>{file === null ? null : words.say('privacy.export.done', { file })}</Done>
      {withheld.length > 0 ? (
        <p className="page__small">{words.say('privacy.withheld', { what: words.list(withheld, 'and') })}</p>
      ) : null}
      <Refusal refused={action.refused} />
    </Section>
  );
}
