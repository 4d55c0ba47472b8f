import {
  chooseMediaAddress,
  isPublicHost,
  type InterfaceAddress,
} from '../../../src/domain/announced-address';

const at = (name: string, address: string): InterfaceAddress => ({ name, address });
const LO = [at('lo', '127.0.0.1'), at('lo', '::1')];
const DOCKER = at('docker0', '172.17.0.1');
const LAN = at('eth0', '192.168.1.20');

const told = (host: string, interfaces: readonly InterfaceAddress[], listen?: string): string | undefined =>
  chooseMediaAddress(host, listen, interfaces).announced;

test("V1 Docker's bridge is not announced, though the system names it first", () => {
  expect(chooseMediaAddress('0.0.0.0', undefined, [...LO, DOCKER, LAN])).toEqual({
    listen: '0.0.0.0',
    announced: '192.168.1.20',
    from: 'eth0',
  });
});

test.each([
  'docker0',
  'docker_gwbridge',
  'br-3f2a9c',
  'veth12ab',
  'virbr0',
  'tun0',
  'tap1',
  'utun3',
  'wg0',
  'cni0',
  'cni-podman0',
  'podman0',
  'flannel.1',
  'cali12',
  'tailscale0',
  'zt7nnig26',
  'vEthernet (WSL)',
  'VirtualBox Host-Only Network',
  'lxdbr0',
  'kube-ipvs0',
])('V1 the bridge or tunnel %s comes after an address of a network, even with a public one', (name) => {
  expect(told('0.0.0.0', [at(name, '203.0.113.9'), LAN])).toBe('192.168.1.20');
  expect(told('0.0.0.0', [...LO, at(name, '10.9.0.1')])).toBe('10.9.0.1');
});

test.each(['eth0', 'ens3', 'enp1s0', 'wlan0', 'en0', 'ppp0', 'br0', 'vmbr0', 'bond0', 'Ethernet', 'Wi-Fi'])(
  'V1 the interface %s is one of a network',
  (name) => {
    expect(told('0.0.0.0', [DOCKER, at(name, '192.168.1.20')])).toBe('192.168.1.20');
  },
);

test('V1 a public address comes before a private one, in whatever order they are named', () => {
  const addresses = [at('eth1', '10.0.0.4'), at('eth0', '203.0.113.7')];
  expect(told('0.0.0.0', addresses)).toBe('203.0.113.7');
  expect(told('0.0.0.0', addresses.toReversed())).toBe('203.0.113.7');
});

test('V1 a HOST that is one address is announced, whatever interfaces there are', () => {
  expect(chooseMediaAddress('203.0.113.7', undefined, [DOCKER, LAN])).toEqual({
    listen: '0.0.0.0',
    announced: '203.0.113.7',
    from: 'HOST',
  });
  expect(chooseMediaAddress('2001:DB8::0:7', undefined, [DOCKER, LAN])).toEqual({
    listen: '::',
    announced: '2001:db8::7',
    from: 'HOST',
  });
  expect(told('::ffff:203.0.113.7', [LAN])).toBe('203.0.113.7');
  expect(told('10.0.0.7', [LAN], '0.0.0.0')).toBe('10.0.0.7');
});

test('V1 a machine with IPv6 alone announces it and listens for it', () => {
  const addresses = [
    ...LO,
    at('eth0', 'fe80::1'),
    at('eth0', 'fd00::20'),
    at('eth0', '2001:db8::20'),
    at('wg0', '10.8.0.1'),
  ];
  expect(chooseMediaAddress('::', undefined, addresses)).toEqual({
    listen: '::',
    announced: '2001:db8::20',
    from: 'eth0',
  });
  // Where media listens on IPv4 alone, no IPv6 address can be reached.
  expect(told('::', addresses, '0.0.0.0')).toBe('10.8.0.1');
  expect(told('0.0.0.0', [LAN, ...addresses], '::')).toBe('2001:db8::20');
});

test('V1 an address that other machines cannot use is never announced', () => {
  for (const address of ['127.0.0.1', '127.1.2.3', '::1', '169.254.7.7', 'fe80::1%eth0']) {
    expect(chooseMediaAddress('0.0.0.0', undefined, [at('eth0', address)])).toEqual({
      listen: '0.0.0.0',
      from: 'RTC_LISTEN_ADDRESS',
    });
  }
});

test('V1 on a loopback HOST media stays on this machine, unless it is told to listen elsewhere', () => {
  for (const host of ['127.0.0.1', 'localhost', '::1', '127.9.9.9', '::ffff:127.0.0.1']) {
    expect(chooseMediaAddress(host, undefined, [LAN])).toEqual({ listen: '127.0.0.1', from: 'HOST' });
    expect(told(host, [LAN], '0.0.0.0')).toBe('192.168.1.20');
  }
  expect(chooseMediaAddress('0.0.0.0', '192.168.1.20', [DOCKER])).toEqual({
    listen: '192.168.1.20',
    from: 'RTC_LISTEN_ADDRESS',
  });
});

test('V1 a host is public when it leads to somewhere outside', () => {
  for (const host of ['chat.example.org', '203.0.113.7', '2001:db8::7', '[2001:db8::7]']) {
    expect([host, isPublicHost(host)]).toEqual([host, true]);
  }
  const local = ['localhost', '0.0.0.0', '::', '[::1]', '10.0.0.1', '172.31.0.1', '100.64.0.1', 'fd00::1'];
  for (const host of [...local, 'chat', 'chat.local', 'nas.home.arpa', 'vm.internal']) {
    expect([host, isPublicHost(host)]).toEqual([host, false]);
  }
});
