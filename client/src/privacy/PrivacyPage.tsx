import { useState } from 'react';
import type { EraseReply } from '../../../src/protocol';
import { useFocusOnHeading } from '../app/useFocusOnHeading';
import { Page, Section } from '../pages/Page';
import type { PageFrame } from '../pages/page-frame';
import { useMe } from '../parts/ServicesProvider';
import { useWords } from '../words/WordsProvider';
import { EraseSection } from './EraseSection';
import { ErasedPage } from './ErasedPage';
import { ExportSection } from './ExportSection';
import { KeepList } from './KeepList';
import { KEPT } from './kept';

/** What is kept, a copy of it, and the end of it. */
export function PrivacyPage({ frame }: { frame: PageFrame }) {
  const words = useWords();
  const me = useMe();
  const [erased, setErased] = useState<EraseReply | null>(null);
  useFocusOnHeading(erased ? 'erased' : 'open');
  // What was erased is still to be read when somebody new, a guest, has been greeted already.
  if (erased) return <ErasedPage frame={frame} erased={erased} />;
  return (
    <Page frame={frame} heading={words.say('privacy.heading')} lead={words.say('privacy.lead')}>
      <Section heading={words.say('keep.heading')}>
        <KeepList rows={KEPT} />
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
