/** The networks that an address belongs to, each written in one way only. */
export interface Networks {
  /** As far as one household reaches: an IPv4 address, the first 64 bits of an IPv6 one. */
  readonly household: string;
  /** The network around it: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
  readonly subnet: string;
}

/**
 * The networks of an address, however it is written: IPv4 inside IPv6 is IPv4, zones and lengths of prefixes do not
 * count, and a household that this function returned gives itself again. A text that is no address is returned as it is.
 */
export function networksOf(written: string): Networks {
  // Zones and prefix lengths are written behind the address itself.
  const address = written.split(/[%/]/, 1)[0] ?? '';
  const groups = groupsOf(address.toLowerCase());
  const octets = groups === null ? octetsOf(address) : mappedOctets(groups);
  if (octets !== null) {
    return { household: octets.join('.'), subnet: `${octets.slice(0, 3).join('.')}.0/24` };
  }
  if (groups === null) return { household: written, subnet: written };
  return { household: network(groups, 4), subnet: network(groups, 3) };
}

/** The first groups of an IPv6 address as a network; only these, so that each network has one spelling. */
const network = (groups: readonly number[], length: number): string =>
  `${groups
    .slice(0, length)
    .map((group) => group.toString(16))
    .join(':')}::/${length * 16}`;

const OCTET = /^(?:0|[1-9]\d{0,2})$/;

/** The four numbers of an IPv4 address; null: it is none. Leading zeros are not taken: some read them as octal. */
function octetsOf(address: string): number[] | null {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => OCTET.test(part))) return null;
  const octets = parts.map(Number);
  return octets.every((octet) => octet <= 255) ? octets : null;
}

/** An IPv4 address that is written as an IPv6 one, `::ffff:…`. */
function mappedOctets(groups: readonly number[]): number[] | null {
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return null;
  return groups.slice(6).flatMap((group) => [group >> 8, group & 0xff]);
}

/** The eight groups of an IPv6 address; null: it is none. */
function groupsOf(address: string): number[] | null {
  const sides = address.split('::');
  if (sides.length > 2) return null;
  const [head, tail] = sides.map((side, at) => groupsOfSide(side, at === sides.length - 1));
  if (head === undefined || head === null || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? head : null;
  const zeros = 8 - head.length - tail.length;
  return zeros < 1 ? null : [...head, ...Array<number>(zeros).fill(0), ...tail];
}

/** The groups on one side of a `::`. Only the last of all may be two groups in the writing of IPv4. */
function groupsOfSide(side: string, isLast: boolean): number[] | null {
  if (side === '') return [];
  const parts = side.split(':');
  const octets = isLast ? octetsOf(parts.at(-1) ?? '') : null;
  const [a = 0, b = 0, c = 0, d = 0] = octets ?? [];
  const written = octets === null ? parts : parts.slice(0, -1);
  if (!written.every((part) => /^[0-9a-f]{1,4}$/.test(part))) return null;
  const groups = written.map((part) => parseInt(part, 16));
  return octets === null ? groups : [...groups, a * 256 + b, c * 256 + d];
}
