import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { inUrl, networksOf, parseAddress, scopeOf } from '../../../src/domain/addresses';

test.each([
  ['192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
  ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
  ['::FFFF:c000:0207', '192.0.2.7', '192.0.2.0/24'],
  ['::ffff:7f00:1', '127.0.0.1', '127.0.0.0/24'],
  ['0:0:0:0:0:ffff:127.0.0.1', '127.0.0.1', '127.0.0.0/24'],
  // Translators write the IPv4 addresses of clients like this for servers that have IPv6 alone.
  ['64:ff9b::192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
  ['2002:c000:207::1', '192.0.2.7', '192.0.2.0/24'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdf8', '192.0.2.7', '192.0.2.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:2::/64', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['::', '0:0:0:0::/64', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  // A text that is no address is returned as it is.
  ['unknown', 'unknown', 'unknown'],
  ['192.0.2.07', '192.0.2.07', '192.0.2.07'],
  ['192.0.2.256', '192.0.2.256', '192.0.2.256'],
  ['1:2:3:4:5:6:7', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7'],
  ['1::2::3', '1::2::3', '1::2::3'],
])('S5 %s belongs to the household %s and the network %s', (written, household, subnet) => {
  expect(networksOf(written)).toEqual({ household, subnet });
});

test('S5 any writing of an address has the same networks, and a household is its own', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4()), (address) => {
      const networks = networksOf(address);
      // The shortest writing, as browsers and Node have it.
      const short = isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
      expect(networksOf(short)).toEqual(networks);
      expect(networksOf(address.toUpperCase())).toEqual(networks);
      expect(networksOf(`${address}%en0`)).toEqual(networks);
      expect(networksOf(networks.household)).toEqual(networks);
      if (isIPv4(address)) expect(networksOf(`::ffff:${address}`)).toEqual(networks);
    }),
  );
});

test('S5 a text is an address exactly when Node.js accepts it as one', () => {
  const written = fc
    .array(fc.constantFrom('0', '1', '9', 'a', 'F', '00', '255', '256', 'g', '.', ':', '::'), {
      maxLength: 20,
    })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.oneof(written, fc.ipV6(), fc.ipV4()), (address) => {
      const { subnet } = networksOf(address);
      expect(subnet.includes('/')).toBe(isIPv4(address) || isIPv6(address));
    }),
    { numRuns: 2_000 },
  );
});

test('S5 an address is written in one way, that of browsers', () => {
  fc.assert(
    fc.property(fc.ipV6(), (written) => {
      const address = parseAddress(written);
      if (address?.family !== 6) return;
      expect(inUrl(address.text)).toBe(new URL(`http://[${written}]`).hostname);
    }),
  );
  expect(inUrl('192.0.2.7')).toBe('192.0.2.7');
  expect(parseAddress('2001:db8:0:0:1:0:0:1')?.text).toBe('2001:db8::1:0:0:1');
  expect(parseAddress('nowhere')).toBeNull();
});

test.each([
  ['127.4.5.6', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['169.254.1.1', 'link'],
  ['fe80::1%eth0', 'link'],
  ['10.1.2.3', 'private'],
  ['172.16.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.128.0.1', 'public'],
  ['fd12::1', 'private'],
  ['2001:db8::1', 'public'],
  ['0.0.0.0', 'none'],
  ['::', 'none'],
  ['example.org', 'none'],
] as const)('V1 %s reaches as far as %s', (address, scope) => {
  expect(scopeOf(address)).toBe(scope);
});
