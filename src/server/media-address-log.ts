import type { Logger } from 'pino';
import type { Config } from '../config';
import { scopeOf } from '../domain/addresses';
import { isPublicHost } from '../domain/announced-address';

type Addresses = Pick<Config, 'http' | 'media'>;

/** Logs which address clients are told to send media to, and warns where people outside cannot reach it. */
export function logMediaAddress(log: Logger, config: Addresses): void {
  const { rtc, announcedFrom } = config.media;
  log.info(
    { address: rtc.announcedAddress ?? rtc.ip, from: announcedFrom },
    'clients are told to send media to this address',
  );
  const warning = mediaAddressWarning(config);
  if (warning !== undefined) log.warn(warning);
}

/** Why people whom the product is served to cannot send media here, and what to do; undefined: they can. */
export function mediaAddressWarning({ http, media: { rtc } }: Addresses): string | undefined {
  const page = new URL(http.publicUrl).hostname;
  const publicName = isPublicHost(http.host) ? `HOST ${http.host}` : `PUBLIC_URL ${http.publicUrl}`;
  const told = rtc.announcedAddress ?? rtc.ip;
  if (!isPublicHost(http.host) && !isPublicHost(page)) return loopbackWarning(http.host, told);
  switch (scopeOf(told)) {
    case 'loopback':
      return (
        `Media is taken from this machine only (${told}), but ${publicName} is public: ` +
        'set RTC_LISTEN_ADDRESS=0.0.0.0 and RTC_ANNOUNCED_ADDRESS to the public address of this machine'
      );
    case 'private':
    case 'link':
      return (
        `Media is announced at ${told}, which is private, but ${publicName} is public: ` +
        'set RTC_ANNOUNCED_ADDRESS to the public address of this machine'
      );
    case 'public':
    case 'none':
      return undefined;
  }
}

/** It is no fault: a container that serves only its own machine has such settings. */
const loopbackWarning = (host: string, told: string): string | undefined =>
  scopeOf(told) === 'loopback' && host !== 'localhost' && scopeOf(host) !== 'loopback'
    ? `Clients are told to send media to ${told}, their own machine, but HOST ${host} serves other machines too: ` +
      'set RTC_ANNOUNCED_ADDRESS to the address at which they reach this one, unless only browsers on it chat'
    : undefined;
