import { availableParallelism, networkInterfaces } from 'node:os';
import { z } from 'zod';
import { isUnicast, isWildcard, parseAddress } from '../domain/addresses';
import { chooseMediaAddress, type InterfaceAddress } from '../domain/announced-address';
import type { IceServer } from '../protocol';
import { host, ipAddress, port, wholeNumber } from './forms';
import { iceServers } from './ice-servers';
import type { HttpValues } from './http';
import { defineFeature, optionalVariable, variable, type ValuesOf } from './variable';

/** Nobody can send media to an address that stands for all machines, for several or for none. */
const announced = <T extends z.ZodType<string>>(schema: T) =>
  schema.refine(
    (address) => parseAddress(address) === null || isUnicast(address),
    'has to be an address that others can send to',
  );

export const media = defineFeature('Media', {
  RTC_LISTEN_ADDRESS: optionalVariable({
    schema: ipAddress,
    defaultInWords: '`127.0.0.1` on a loopback `HOST`, else `0.0.0.0`, or `::` where only IPv6 is there',
    example: '0.0.0.0',
    description: 'IP address on which media arrives. `0.0.0.0` and `::` stand for all addresses.',
  }),
  RTC_ANNOUNCED_ADDRESS: optionalVariable({
    schema: announced(host),
    defaultInWords: "where media listens everywhere: `HOST` or this machine's likeliest address, else none",
    example: '203.0.113.7',
    description:
      'IP address or host name that clients are told to send media to. Set it behind NAT. Left out, a `HOST` that is one address counts, then public addresses of this machine, private ones, and those of bridges and tunnels. The log of the start names it.',
  }),
  RTC_PORT: variable({
    schema: port,
    default: '40000',
    description:
      'Media port (UDP and TCP) of the first worker, 0 to 65535. Each further worker takes the next port. `0` takes any free ports.',
  }),
  MEDIA_WORKERS: optionalVariable({
    schema: wholeNumber(1, 256),
    defaultInWords: 'one per core',
    example: '4',
    description: 'How many media workers run, 1 to 256.',
  }),
  MEDIASOUP_WORKER_BIN: optionalVariable({
    schema: z.string().min(1),
    defaultInWords: 'the one that set-up found or built',
    example: '/app/bin/mediasoup-worker',
    description: 'File of the media worker program.',
  }),
  ICE_SERVERS: variable({
    schema: iceServers,
    default: '[]',
    example: '[{"urls":["stun:stun.example.org:3478"]}]',
    defaultInWords: 'none',
    description:
      'STUN and TURN servers that clients use: a JSON list of objects with `urls` (a list such as `["turn:turn.example.org:3478"]`) and, for TURN, `username` and `credential`.',
  }),
  PIPE_LISTEN_ADDRESS: optionalVariable({
    schema: ipAddress,
    defaultInWords: 'the same as for clients',
    example: '10.0.0.7',
    description: 'IP address on which media from other nodes arrives, on any UDP port.',
  }),
  PIPE_ANNOUNCED_ADDRESS: optionalVariable({
    schema: announced(ipAddress),
    defaultInWords: 'the same as for clients',
    example: '10.0.0.7',
    description:
      'IP address at which other nodes reach this one with media. It has to be the one that they see as the sender, too.',
  }),
});

type MediaValues = ValuesOf<typeof media>;

export interface MediaConfig {
  readonly rtc: {
    readonly ip: string;
    readonly announcedAddress?: string;
    /** Of the first worker; each further worker takes the next port. 0: any free ones. */
    readonly port: number;
    readonly workers: number;
    readonly workerBin?: string;
    /** Where media from other nodes arrives, if not where that of clients does. */
    readonly pipe?: { readonly ip: string; readonly announcedAddress?: string };
  };
  /** What named the address that clients are told: a variable, or the interface that has it. For the log. */
  readonly announcedFrom: string;
  readonly iceServers: readonly IceServer[];
}

export function mediaConfig(
  values: MediaValues,
  { HOST }: HttpValues,
  interfaces: readonly InterfaceAddress[] = ownInterfaces(),
): MediaConfig {
  const chosen = chooseMediaAddress(HOST, values.RTC_LISTEN_ADDRESS, interfaces);
  const announced = values.RTC_ANNOUNCED_ADDRESS ?? chosen.announced;
  const from = values.RTC_ANNOUNCED_ADDRESS === undefined ? chosen.from : 'RTC_ANNOUNCED_ADDRESS';
  return {
    rtc: {
      ip: chosen.listen,
      ...(announced === undefined ? {} : { announcedAddress: announced }),
      port: values.RTC_PORT,
      workers: values.MEDIA_WORKERS ?? availableParallelism(),
      ...pipeConfig(values, chosen.listen),
      ...(values.MEDIASOUP_WORKER_BIN === undefined ? {} : { workerBin: values.MEDIASOUP_WORKER_BIN }),
    },
    announcedFrom: from,
    iceServers: values.ICE_SERVERS,
  };
}

function pipeConfig(values: MediaValues, ip: string): Pick<MediaConfig['rtc'], 'pipe'> {
  const { PIPE_LISTEN_ADDRESS: listen, PIPE_ANNOUNCED_ADDRESS: announced } = values;
  if (listen === undefined && announced === undefined) return {};
  return {
    pipe: { ip: listen ?? ip, ...(announced === undefined ? {} : { announcedAddress: announced }) },
  };
}

export const mediaProblems = (
  { rtc: { ip, announcedAddress, port, workers, pipe } }: MediaConfig,
  { PORT }: HttpValues,
): string[] => [
  ...otherFamily('RTC_ANNOUNCED_ADDRESS', announcedAddress, 'RTC_LISTEN_ADDRESS', ip),
  ...otherFamily('PIPE_ANNOUNCED_ADDRESS', pipe?.announcedAddress, 'PIPE_LISTEN_ADDRESS', pipe?.ip ?? ip),
  ...(isWildcard(ip) && announcedAddress === undefined
    ? [
        'RTC_ANNOUNCED_ADDRESS: is needed, since media listens everywhere and this machine has no address of its own',
      ]
    : []),
  ...(port !== 0 && port + workers - 1 > 65535
    ? [`RTC_PORT: ${port} leaves no room for ${workers} workers below 65536`]
    : []),
  ...(port !== 0 && PORT >= port && PORT < port + workers
    ? [`RTC_PORT: the media workers take the ports ${port} to ${port + workers - 1}, and PORT is one of them`]
    : []),
];

/** What is sent to an IPv6 address never arrives where only IPv4 is listened for. `::` takes both. */
function otherFamily(name: string, announced: string | undefined, listens: string, ip: string): string[] {
  const isNumeric = announced !== undefined && ipAddress.safeParse(announced).success;
  if (!isNumeric || announced.includes(':') === ip.includes(':') || ip === '::') return [];
  const [one, other] = ip.includes(':') ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
  return [
    `${name}: is an ${one} address, but media arrives on ${ip}: set ${listens} to an ${one} address too, or ${name} to an ${other} one`,
  ];
}

const ownInterfaces = (): InterfaceAddress[] =>
  Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address }) => ({ name, address })),
  );
