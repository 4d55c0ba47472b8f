import fc from 'fast-check';
import { decodeTicket, encodeTicket } from '../../../src/redis/tickets/record';
import { anyTicketArbitrary, ticket } from '../../support/tickets';

const FIELDS_BEFORE_NODES = 18;
const rowOf = (text: string): unknown[] => JSON.parse(text);

test('M6 a ticket comes out of its row as it went in', () => {
  fc.assert(
    fc.property(anyTicketArbitrary, (wishes) => {
      const whole = ticket('a', wishes);
      expect(decodeTicket(rowOf(encodeTicket(whole, 5_000)), 5_000)).toEqual(whole);
    }),
  );
});

test('M9 a row of a version that knew no nodes is read, as of no node', () => {
  const row = rowOf(encodeTicket(ticket('a', { node: 'node-1.a7' }), 0));
  expect(decodeTicket(row, 0).node).toBe('node-1.a7');
  const older = decodeTicket(row.slice(0, FIELDS_BEFORE_NODES), 0);
  expect(older).toEqual(ticket('a'));
});

test('M6 a row of a later version is read as far as this one knows it; one that is cut off is none', () => {
  const row = rowOf(encodeTicket(ticket('a'), 0));
  expect(decodeTicket([...row, { later: true }, 5], 0)).toEqual(ticket('a'));
  expect(() => decodeTicket(row.slice(0, FIELDS_BEFORE_NODES - 1), 0)).toThrow();
});
