--- `PUT_WITHIN_MS`: how long after its peer was taken a ticket may be put (ms). putTickets rejects a later one;
--- voidTicket remembers a voided token far longer than that.
local PUT_WITHIN_MS = 20000
