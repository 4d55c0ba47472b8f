import type { CallMedia, ServerMessage } from '../../protocol';
import type { Person } from '../people/person';
import type { Call, Member } from './call';

const common = <T>(one: readonly T[], other: readonly T[]): T[] => one.filter((item) => other.includes(item));

const wishesOf = (person: Person): { interests: readonly string[]; languages: readonly string[] } =>
  person.session.state === 'idle' ? { interests: [], languages: [] } : person.session.wishes;

/** Whom `person` has met, as they are to be told. */
export function partnerFound(
  call: Call,
  person: Person,
  media: CallMedia | null,
  again: boolean,
  now: number,
): ServerMessage {
  const partner = call.other(person.id).person;
  const [mine, theirs] = [wishesOf(person), wishesOf(partner)];
  const accept =
    call.phase.phase === 'meeting'
      ? { remainingMs: Math.max(0, call.phase.until - now), you: call.member(person.id)?.accepted === true }
      : null;
  return {
    event: 'partner_found',
    data: {
      callId: call.id,
      matchedAt: call.matchedAt,
      mode: call.mode,
      partner: { id: partner.id, name: partner.name },
      shared: {
        interests: common(mine.interests, theirs.interests),
        languages: common(mine.languages, theirs.languages),
      },
      accept,
      media,
      again,
    },
  };
}

/** All of a member's state, as their partner sees it. */
export function partnerState(call: Call, { person, accepted, typing }: Member): ServerMessage {
  return {
    event: 'partner_state',
    data: { callId: call.id, ...person.media, accepted, typing, present: person.isHere },
  };
}
