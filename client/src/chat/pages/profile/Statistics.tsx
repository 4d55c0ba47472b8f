import { LoadedContent } from '../../../ui/forms/LoadedContent';
import { useApiData } from '../../services/useApiData';
import { Section } from '../Page';
import { useWords } from '../../words';

/** The user's statistics, which nobody else sees. */
export function Statistics({ owner }: { owner: string | null }) {
  const words = useWords();
  const { loaded, again } = useApiData('statistics', owner);
  return (
    <Section heading={words.say('profile.statistics')}>
      <LoadedContent loaded={loaded} onAgain={again}>
        {({ calls, talkedMs, longestMs, messagesSent, skipped }) => (
          <dl className="rows-list num" data-testid="statistics">
            <Row name={words.say('statistics.calls')} value={words.number(calls)} />
            <Row name={words.say('statistics.talked')} value={words.span(talkedMs)} />
            <Row name={words.say('statistics.longest')} value={words.span(longestMs)} />
            <Row name={words.say('statistics.messages')} value={words.number(messagesSent)} />
            <Row name={words.say('statistics.skipped')} value={words.number(skipped)} />
          </dl>
        )}
      </LoadedContent>
    </Section>
  );
}

function Row({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
