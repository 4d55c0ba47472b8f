import { useState } from 'react';
import type { EraseReply } from '../../../../../src/protocol';
import { useHeadingFocus } from '../../../ui/focus/useHeadingFocus';
import { Page, Section } from '../Page';
import type { PageProps } from '../page-frame';
import { useMe } from '../../services/ServicesProvider';
import { useWords } from '../../words';
import { EraseSection } from './EraseSection';
import { ErasedPage } from './ErasedPage';
import { ExportSection } from './ExportSection';
import { RetentionList } from './RetentionList';
import { RETENTION_ROWS } from './retention';

/** What data is stored, how to export it, and how to erase it. */
export function PrivacyPage({ frame }: PageProps) {
  const words = useWords();
  const me = useMe();
  const [erased, setErased] = useState<EraseReply | null>(null);
  useHeadingFocus(erased ? 'erased' : 'open');
  // The result stays visible although the browser has already become a new guest.
  if (erased) return <ErasedPage frame={frame} erased={erased} />;
  return (
    <Page frame={frame} heading={words.say('privacy.heading')} lead={words.say('privacy.lead')}>
      <Section heading={words.say('keep.heading')}>
        <RetentionList rows={RETENTION_ROWS} />
      </Section>
      {me ? (
        <>
          <ExportSection />
          <EraseSection key={me.id} me={me} onErased={setErased} />
        </>
      ) : null}
    </Page>
  );
}
