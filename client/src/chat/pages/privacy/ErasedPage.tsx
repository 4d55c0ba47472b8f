import type { EraseReply } from '../../../../../src/protocol';
import { Page, Section } from '../Page';
import type { PageFrame } from '../page-frame';
import { useWords } from '../../words';

/** What was erased, and what is kept: why, and until when. */
export function ErasedPage({ frame, erased }: { frame: PageFrame; erased: EraseReply }) {
  const words = useWords();
  const kept = erased.kept.filter(({ count }) => count > 0);
  return (
    <Page frame={frame} heading={words.say('privacy.erased')} lead={words.say('privacy.erased.lead')}>
      <Section heading={words.say('privacy.erased.part')}>
        <dl className="rows-list num" data-testid="erased">
          {erased.erased.map(({ what, count }) => (
            <div key={what}>
              <dt>{words.say(`erased.${what}`)}</dt>
              <dd>{words.number(count)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section heading={words.say('privacy.kept.part')}>
        {kept.length === 0 ? (
          <p>{words.say('privacy.kept.nothing')}</p>
        ) : (
          <dl className="rows-list num" data-testid="kept">
            {kept.map(({ what, count, untilAt }) => (
              <div key={what}>
                <dt>
                  {words.say(`kept.${what}`)}
                  <small>{words.say(`kept.${what}.more`)}</small>
                </dt>
                <dd>
                  {words.number(count)},{' '}
                  {untilAt === null
                    ? words.say('kept.no_end')
                    : words.say('kept.until', { date: words.date(untilAt) })}
                </dd>
              </div>
            ))}
          </dl>
        )}
      </Section>
    </Page>
  );
}
