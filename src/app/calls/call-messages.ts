import { comparisonKey, type CallMedia, type ServerMessage, type Wishes } from '../../protocol';
import type { Peer } from '../peers/peer';
import type { Call, Participant } from './call';

/** The interests that both have, as the first of the two typed them. */
function commonInterests(mine: readonly string[], theirs: readonly string[]): string[] {
  const keys = new Set(theirs.map(comparisonKey));
  return mine.filter((interest) => keys.has(comparisonKey(interest)));
}

const common = <T>(one: readonly T[], other: readonly T[]): T[] => one.filter((item) => other.includes(item));

type Shown = Pick<Wishes, 'interests' | 'languages'> & Partial<Pick<Wishes, 'country' | 'showCountry'>>;

const wishesOf = (peer: Peer): Shown =>
  peer.state.kind === 'idle' ? { interests: [], languages: [] } : peer.state.wishes;

const shownCountry = ({ country, showCountry }: Shown): string | null =>
  showCountry === true ? (country ?? null) : null;

/** The partner's country. Whoever does not show their own learns none. */
function countryFor(mine: Shown, theirs: Shown): { country?: string } {
  const country = shownCountry(theirs);
  return shownCountry(mine) === null || country === null ? {} : { country };
}

/** The message that tells `peer` who their partner is. */
export function partnerFound(
  call: Call,
  peer: Peer,
  media: CallMedia | null,
  again: boolean,
  /** `Clock.elapsed` */
  now: number,
): ServerMessage {
  const partner = call.other(peer.id).peer;
  const [mine, theirs] = [wishesOf(peer), wishesOf(partner)];
  const accept =
    call.phase.phase === 'accepting'
      ? {
          remainingMs: Math.max(0, call.phase.until - now),
          you: call.participant(peer.id)?.accepted === true,
        }
      : null;
  return {
    event: 'partner_found',
    data: {
      callId: call.id,
      matchedAt: call.matchedAt,
      talkedMs: call.connected === null ? 0 : Math.max(0, now - call.connected.elapsed),
      mode: call.mode,
      partner: { id: partner.id, name: partner.name, ...countryFor(mine, theirs) },
      shared: {
        interests: commonInterests(mine.interests, theirs.interests),
        languages: common(mine.languages, theirs.languages),
      },
      accept,
      media,
      again,
    },
  };
}

/** The message that tells the partner the whole state of a participant. */
export function partnerState(call: Call, { peer, accepted, typing }: Participant): ServerMessage {
  return {
    event: 'partner_state',
    data: { callId: call.id, ...peer.media, accepted, typing, present: peer.isHere },
  };
}
