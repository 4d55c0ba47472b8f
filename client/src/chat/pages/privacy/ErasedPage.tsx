import type { EraseReply } from '../../../../../src/protocol';
import { Page, Section } from '../Page';
import type { PageFrame } from '../page-frame';
import { useWords } from '../../words';
import { erasedLine } from './erased-line';

/** What was erased, and what is kept: why, and until when. */
export function ErasedPage({ frame, erased }: { frame: PageFrame; erased: EraseReply }) {
  const words = useWords();
  const gone = erased.erased.filter(({ count }) => count > 0);
  const kept = erased.kept.filter(({ count }) => count > 0);
  return (
    <Page frame={frame} heading={words.say('privacy.erased')} lead={words.say('privacy.erased.lead')}>
      <Section heading={words.say('privacy.erased.part')}>
        <ul className="rows-list num" data-testid="erased">
          {gone.map(({ what, count }) => (
            <li key={what}>{erasedLine(what, count, words)}</li>
          ))}
          {gone.length === 0 ? <li>{words.say('privacy.erased.nothing')}</li> : null}
        </ul>
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
                  {words.say('kept.count', { count })},{' '}
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
