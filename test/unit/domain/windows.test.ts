import { areRecent, brokenRule } from '../../../src/domain/pairing';
import { furtherWindowId, furtherWindowIds, isFurtherWindow, userIdOf } from '../../../src/domain/users';
import { ticket } from '../../support/tickets';

test('M2 all windows of a browser are one user, whose id is the first window’s', () => {
  const second = furtherWindowId('guest_ab', 'x');
  expect([userIdOf(second), userIdOf('guest_ab')]).toEqual(['guest_ab', 'guest_ab']);
  expect([isFurtherWindow(second), isFurtherWindow('guest_ab')]).toEqual([true, false]);
  const { from, before } = furtherWindowIds('guest_ab');
  expect([second, 'guest_ab', 'guest_abc', 'guest_abc~x'].filter((id) => id >= from && id < before)).toEqual([
    second,
  ]);
});

test('M2 [M2.1] a block and a recent encounter are about the user behind each window', () => {
  const second = ticket(furtherWindowId('ben', '2'));
  expect(brokenRule(ticket('anna', { blocked: ['ben'] }), second)).toBe('blocked');
  expect(brokenRule(second, ticket('anna', { blocked: ['ben'] }))).toBe('blocked');
  expect(brokenRule(ticket('anna', { blocked: ['cem'] }), second)).toBeNull();
  expect(areRecent(ticket('anna', { recent: [{ peerId: 'ben', at: 0 }] }), second, 1)).toBe(true);
  expect(areRecent(ticket('anna', { recent: [{ peerId: 'cem', at: 0 }] }), second, 1)).toBe(false);
});
