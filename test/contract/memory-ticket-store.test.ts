import { MemoryTicketStore } from '../../src/memory/ticket-store';
import { settle } from '../support/manual-clock';
import { ticketStoreContract } from './ticket-store';

describe('the ticket store in memory', () => {
  ticketStoreContract({ open: async () => new MemoryTicketStore(), notified: () => settle(1) });
});
