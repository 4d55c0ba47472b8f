import type { WireBan } from '../../../../src/protocol';
import { useWords } from '../words';

/** Why somebody is kept out, and until when. */
export function BanDetails({ ban: { kind, reason, endsAt } }: { ban: WireBan }) {
  const words = useWords();
  return (
    <>
      <p className="sub">{words.say(kind === 'hold' ? 'close.banned.hold' : 'close.banned.decided')}</p>
      <p className="sub">{words.say('close.banned.reason', { reason: words.say(`report.${reason}`) })}</p>
      <p className="sub">
        {endsAt === null
          ? words.say('close.banned.for_good')
          : words.say('close.banned.until', { when: words.moment(endsAt) })}
      </p>
    </>
  );
}
