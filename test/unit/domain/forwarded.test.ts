import fc from 'fast-check';
import { networksOf } from '../../../src/domain/addresses';
import { forwardedAddress } from '../../../src/domain/forwarded';

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['192.0.2.7:5678', '192.0.2.7'],
  [' 192.0.2.7 : 80', null],
  ['"192.0.2.7:5678"', '192.0.2.7'],
  ['[192.0.2.7]:80', '192.0.2.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['"[2001:db8::1]:443"', '2001:db8::1'],
  ['for="[2001:db8::1]:443"', '2001:db8::1'],
  ['For=192.0.2.7;proto=https;by=203.0.113.43', '192.0.2.7'],
  // Some load balancers write the port of an IPv6 address without brackets.
  ['2001:db8:0:0:0:0:0:1:443', '2001:db8::1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['[::ffff:192.0.2.7]:443', '192.0.2.7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['unknown', null],
  ['"unknown"', null],
  ['_hidden', null],
  ['for=_SEVKISEK', null],
  ['', null],
  ['-', null],
  ['192.0.2.7:', null],
  ['192.0.2.7:port', null],
  ['192.0.2.7:123456', null],
  ['192.0.2.256', null],
  ['192.0.2.0/24', null],
  ['[2001:db8::1', null],
  ['2001:db8::1]', null],
  ['client.example.org', null],
  ['192.0.2.7 192.0.2.8', null],
])('S5 the entry %s names %s', (entry, address) => {
  expect(forwardedAddress(entry)).toBe(address);
});

test('S5 no port, bracket or quotation mark makes another household of an address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 0, max: 65535 }), (address, port) => {
      const { household } = networksOf(address);
      const host = address.includes(':') ? `[${address}]` : address;
      for (const entry of [address, host, `${host}:${port}`, `"${host}:${port}"`, `for="${host}:${port}"`]) {
        expect(networksOf(forwardedAddress(entry) ?? 'none').household).toBe(household);
      }
    }),
  );
});

test('S5 whatever an entry holds, it names an address in its one spelling or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123.:[]"f ') })), (entry) => {
      const address = forwardedAddress(entry);
      if (address !== null) expect(forwardedAddress(address)).toBe(address);
    }),
    { numRuns: 1_000 },
  );
});
