import { Call, type Participant } from '../../../src/app/calls/call';
import { partnerFound } from '../../../src/app/calls/call-messages';
import type { Peer } from '../../../src/app/peers/peer';
import { wishesSchema, type WishesInput } from '../../../src/protocol';

function participant(id: string, input: Omit<WishesInput, 'mode'>): Participant {
  const wishes = wishesSchema.parse({ mode: 'video', ...input });
  const state = { kind: 'in_call', wishes, callId: 'call', since: 0 };
  const peer = { id, name: id, state } as unknown as Peer;
  return { peer, wishes, since: 0, accepted: true, typing: false } as unknown as Participant;
}

/** What the first of two learns of the second one's country. */
function learnt(one: Omit<WishesInput, 'mode'>, other: Omit<WishesInput, 'mode'>): string | undefined {
  const [ann, bob] = [participant('ann', one), participant('bob', other)];
  const message = partnerFound(
    new Call('call', 'video', { at: 0, elapsed: 0 }, [ann, bob]),
    ann.peer,
    null,
    false,
    0,
  );
  return message.event === 'partner_found' ? message.data.partner.country : undefined;
}

describe('C2 the country of the partner', () => {
  const shows = { country: 'PT', showCountry: true };

  it('C2 is told where both show theirs', () => {
    expect(learnt({ country: 'DE', showCountry: true }, shows)).toBe('PT');
  });

  it.each([
    ['the other does not show it', { country: 'DE', showCountry: true }, { country: 'PT' }],
    ['one does not show one’s own', { country: 'DE', showCountry: false }, shows],
    ['one has not said one’s own', { showCountry: true }, shows],
    ['the other has not said it', shows, { showCountry: true }],
    ['nobody has asked for it', { country: 'DE' }, { country: 'PT' }],
  ])('C2 G2 is not told where %s', (_, mine, theirs) => {
    expect(learnt(mine, theirs)).toBeUndefined();
  });
});
