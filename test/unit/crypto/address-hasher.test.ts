import fc from 'fast-check';
import { PepperedAddressHasher } from '../../../src/crypto/address-hasher';
import { deriveKeys } from '../../../src/crypto/derived-keys';

const { addressPepper, cookieKey } = deriveKeys(Buffer.alloc(32, 7));
const hasher = new PepperedAddressHasher(addressPepper);

test.each([
  ['203.0.113.7', '::ffff:203.0.113.7'],
  ['203.0.113.7', '::FFFF:cb00:7107'],
  ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0000:0000:0000:0001'],
  // One household has 64 bits to itself.
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['127.0.0.1', '::ffff:7f00:1'],
  ['fe80::1', 'fe80::1%eth0'],
])('G2 one address has one mark, however it is written: %s, %s', (one, other) => {
  expect(hasher.hash(one)).toEqual(hasher.hash(other));
});

test.each([
  ['203.0.113.7', '203.0.113.99'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
])('G2 neighbours share the mark of their subnet alone: %s, %s', (one, other) => {
  expect(hasher.hash(one).subnet).toBe(hasher.hash(other).subnet);
  expect(hasher.hash(one).address).not.toBe(hasher.hash(other).address);
});

test('G2 hashes of different households differ, and an address never shows in its hash', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
      const [mark, otherMark] = [hasher.hash(one), hasher.hash(other)];
      expect(mark.address === otherMark.address).toBe(one === other);
      expect(mark.subnet).not.toBe(mark.address);
      expect(JSON.stringify(mark)).not.toContain(one);
    }),
  );
  fc.assert(
    fc.property(fc.ipV6(), (address) => {
      expect(hasher.hash(address).address).toHaveLength(43);
    }),
  );
});

test('G2 another pepper gives other hashes; keys derived from one secret differ', () => {
  const other = new PepperedAddressHasher(deriveKeys(Buffer.alloc(32, 8)).addressPepper);
  expect(other.hash('203.0.113.7')).not.toEqual(hasher.hash('203.0.113.7'));
  expect(cookieKey.equals(addressPepper)).toBe(false);
  expect(deriveKeys(Buffer.alloc(32, 7)).cookieKey.equals(cookieKey)).toBe(true);
});
