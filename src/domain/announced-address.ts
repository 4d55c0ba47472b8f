import { isWildcard, parseAddress, scopeOf, type Address } from './addresses';

/** One address of a network interface of this machine. */
export interface InterfaceAddress {
  /** Of the interface, as `eth0`. */
  readonly name: string;
  readonly address: string;
}

/** Where media arrives, and which address of this machine clients are told to send it to. */
export interface MediaAddress {
  readonly listen: string;
  /** Absent: the address that media listens on is told. */
  readonly announced?: string;
  /** What decided it: a variable, or the interface that has the announced address. */
  readonly from: string;
}

/**
 * Bridges and tunnels of containers, virtual machines and private networks, by the names that their software gives them.
 * The people who chat are hardly ever behind one of them.
 */
const VIRTUAL =
  /^(docker|podman|br-|veth|virbr|lxc|lxd|incus|vmnet|vboxnet|vnet|tun|tap|utun|wg|tailscale|zt|nordlynx|cni|flannel|cali|cilium|weave|kube|nodelocal|vxlan|gre|ipip|sit|ip6tnl|dummy|bridge1\d\d|awdl|llw|vethernet|virtualbox|vmware)/i;

/**
 * Chooses where media arrives where the operator has not said it. A `HOST` that is one address of this machine is the one
 * that clients reach. Else it is the most likely of the interfaces' addresses: bridges and tunnels come last, IPv4 comes
 * before IPv6, which fewer clients have, and public addresses come before private ones.
 */
export function chooseMediaAddress(
  host: string,
  listen: string | undefined,
  interfaces: readonly InterfaceAddress[],
): MediaAddress {
  if (listen === undefined && isLoopback(host)) return { listen: '127.0.0.1', from: 'HOST' };
  if (listen !== undefined && !isWildcard(listen)) return { listen, from: 'RTC_LISTEN_ADDRESS' };
  const prefers6 = listen !== undefined && parseAddress(listen)?.family === 6;
  const reaches = (address: Address): boolean => listen === undefined || prefers6 || address.family === 4;
  const own = parseAddress(host);
  if (own !== null && !isWildcard(host) && !isLoopback(host) && isAnnounceable(own) && reaches(own)) {
    return { listen: listen ?? wildcardOf(own), announced: own.text, from: 'HOST' };
  }
  const [best] = interfaces
    .flatMap(({ name, address }) => {
      const parsed = parseAddress(address);
      return parsed !== null && isAnnounceable(parsed) && reaches(parsed) ? [{ name, address: parsed }] : [];
    })
    .map((candidate) => ({ ...candidate, rank: rankOf(candidate, prefers6) }))
    .sort((one, other) => one.rank - other.rank);
  if (best === undefined) return { listen: listen ?? '0.0.0.0', from: 'RTC_LISTEN_ADDRESS' };
  return { listen: listen ?? wildcardOf(best.address), announced: best.address.text, from: best.name };
}

/** The lower, the likelier clients reach it. Equal ranks stay in the order of the system. */
function rankOf({ name, address }: { name: string; address: Address }, prefers6: boolean): number {
  const isSecondFamily = (address.family === 6) !== prefers6;
  return (
    (VIRTUAL.test(name) ? 4 : 0) + (isSecondFamily ? 2 : 0) + (scopeOf(address.text) === 'public' ? 0 : 1)
  );
}

/** An address of a link means nothing without the link's name, which differs on each machine. */
const isAnnounceable = ({ text }: Address): boolean => !['loopback', 'link'].includes(scopeOf(text));

const wildcardOf = ({ family }: Address): string => (family === 4 ? '0.0.0.0' : '::');

const isLoopback = (host: string): boolean => host === 'localhost' || scopeOf(host) === 'loopback';

/** Names that lead nowhere outside a machine or a network. */
const LOCAL_NAME = /^[^.]+$|\.(localhost|local|lan|home|internal|intranet|test|home\.arpa)$/i;

/** Whether people all over the world can reach this host: a public address, or a name that is not a local one. */
export function isPublicHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return parseAddress(bare) === null ? !LOCAL_NAME.test(bare) : scopeOf(bare) === 'public';
}
