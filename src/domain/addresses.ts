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
  const address = parseAddress(written);
  if (address === null) return { household: written, subnet: written };
  const { parts } = address;
  if (address.family === 4) {
    return { household: address.text, subnet: `${parts.slice(0, 3).join('.')}.0/24` };
  }
  return { household: network(parts, 4), subnet: network(parts, 3) };
}

/** An IP address that was parsed. */
export interface Address {
  readonly family: 4 | 6;
  /** The four octets, or the eight groups of 16 bits. */
  readonly parts: readonly number[];
  /** In the one spelling that this program uses. */
  readonly text: string;
}

/** Parses an address as `networksOf` does; null: the text is none. */
export function parseAddress(written: string): Address | null {
  // Zones and prefix lengths are written behind the address itself.
  const address = written.split(/[%/]/, 1)[0] ?? '';
  const groups = groupsOf(address.toLowerCase());
  const octets = groups === null ? octetsOf(address) : embeddedOctets(groups);
  if (octets !== null) return { family: 4, parts: octets, text: octets.join('.') };
  return groups === null ? null : { family: 6, parts: groups, text: shortest(groups) };
}

/** How far an address reaches. `none`: the text is no address of one machine. */
export type Scope = 'loopback' | 'link' | 'private' | 'public' | 'none';

/** Addresses that a provider shares among its customers (100.64.0.0/10) count as private: nobody outside reaches them. */
export function scopeOf(written: string): Scope {
  const address = parseAddress(written);
  if (address === null || isWildcard(written)) return 'none';
  const [a = 0, b = 0] = address.parts;
  if (address.family === 6) {
    if (address.text === '::1') return 'loopback';
    if ((a & 0xffc0) === 0xfe80) return 'link';
    return (a & 0xfe00) === 0xfc00 ? 'private' : 'public';
  }
  if (a === 127) return 'loopback';
  if (a === 169 && b === 254) return 'link';
  const isPrivate =
    a === 10 ||
    (a === 172 && (b & 0xf0) === 16) ||
    (a === 192 && b === 168) ||
    (a === 100 && (b & 0xc0) === 64);
  return isPrivate ? 'private' : 'public';
}

/** Whether an address to listen on stands for all addresses of the machine, as `0.0.0.0` and `::` do. */
export const isWildcard = (written: string): boolean =>
  parseAddress(written)?.parts.every((part) => part === 0) === true;

/** Whether one machine can have the address: wildcards, multicast and broadcast addresses stand for none or for many. */
export function isUnicast(written: string): boolean {
  const address = parseAddress(written);
  if (address === null || isWildcard(written)) return false;
  const [first = 0] = address.parts;
  if (address.family === 6) return (first & 0xff00) !== 0xff00;
  return first > 0 && (first < 224 || first > 239) && address.text !== '255.255.255.255';
}

/** A host as URLs and people write it before a port: IPv6 addresses are in brackets. */
export const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** An IPv6 address as RFC 5952 writes it: the longest run of zeros, the first of equal ones, is `::`. */
function shortest(groups: readonly number[]): string {
  const written = groups.map((group) => group.toString(16)).join(':');
  const [run = ''] = (written.match(/(?<![^:])0(:0)+(?![^:])/g) ?? []).sort((a, b) => b.length - a.length);
  if (run === '') return written;
  const at = `:${written}:`.indexOf(`:${run}:`);
  return `${written.slice(0, Math.max(0, at - 1))}::${written.slice(at + run.length + 1)}`;
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

/** How an IPv4 address is written as an IPv6 one: what stands before it, at which group it begins, and whether inverted. */
const EMBEDDINGS = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6, flipped: 0 },
  // Of translators (NAT64).
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6, flipped: 0 },
  // Of tunnels: whoever has the IPv4 address has these as well (6to4, Teredo).
  { prefix: [0x2002], at: 1, flipped: 0 },
  { prefix: [0x2001, 0], at: 6, flipped: 0xffff },
] as const;

/** The octets of an IPv4 address that is written as an IPv6 one; null: it is not. */
function embeddedOctets(groups: readonly number[]): number[] | null {
  const found = EMBEDDINGS.find(({ prefix }) => prefix.every((group, at) => group === groups[at]));
  if (found === undefined) return null;
  const own = groups.slice(found.at, found.at + 2).map((group) => group ^ found.flipped);
  return own.flatMap((group) => [group >> 8, group & 0xff]);
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

/**
 * Which of its networks a written address or network means: an address alone, `/32` and `/64` are a household, `/24` and
 * `/48` the network around it. Null: it is neither.
 */
export function networkKindOf(written: string): 'household' | 'subnet' | null {
  const [address = '', bits, ...more] = written.split('/');
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0) return null;
  if (bits === undefined || bits === (parsed.family === 4 ? '32' : '64')) return 'household';
  return bits === (parsed.family === 4 ? '24' : '48') ? 'subnet' : null;
}
