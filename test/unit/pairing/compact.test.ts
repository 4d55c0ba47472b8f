import fc from 'fast-check';
import { TicketCompactor } from '../../../src/domain/pairing';
import { anyTicketArbitrary, ticket } from '../../support/tickets';

test('M1 a compacted ticket says the same, and shares nothing that may change', () => {
  const compactor = new TicketCompactor();
  fc.assert(
    fc.property(anyTicketArbitrary, (wishes) => {
      const original = ticket('a', wishes);
      const copy = compactor.compact(original);
      expect(copy).toEqual(original);
      expect(copy.blocked).not.toBe(original.blocked);
    }),
  );
});

test('M9 the node of a ticket is kept', () => {
  expect(new TicketCompactor().compact(ticket('a', { node: 'node-1.a7' })).node).toBe('node-1.a7');
});
