import type { IncomingMessage } from 'node:http';
import type { Express } from 'express';
import type { AddressHasher } from '../app/ports/address-hasher';
import type { Config } from '../config';
import { originReader, tlsReader } from '../http/addresses';
import type { CookieJar } from '../http/cookies';
import type { ForwardingMonitor } from '../http/forwarding-monitor';
import { originRule } from '../http/origins';
import { Gateway, type Visitor } from '../signaling/gateway';
import { SIGNALING_LIMITS } from '../signaling/limits';
import type { Parts } from './parts';

export interface WireGatewayDeps {
  readonly config: Pick<Config, 'signaling' | 'http' | 'cluster' | 'media'>;
  readonly parts: Parts;
  /** Knows which proxies are trusted. */
  readonly app: Express;
  readonly forwarding: ForwardingMonitor;
}

/** The gateway, which accepts sockets. */
export function wireGateway({ config, parts, app, forwarding }: WireGatewayDeps): Gateway {
  const { peers, handshake, liveStats, lobby, router, lineRequests, clock, reportError, drain, bans } = parts;
  const { sockets, socketsPerAddress } = config.signaling;
  const originOf = originReader(app);
  return new Gateway({
    ...{ peers, handshake, liveStats, clock, reportError, bans },
    useCases: { lobby, router, lineRequests },
    visitorOf: visitorReader({ jar: parts.jar, addresses: parts.addresses, app, forwarding }),
    limits: { ...SIGNALING_LIMITS, sockets, socketsPerAddress },
    addressOf: (request) => originOf(request).household,
    allowsOrigin: originRule(config.http.allowedOrigins, { isTls: tlsReader(app) }),
    takesPeers: () => config.cluster.role !== 'media',
    isDraining: () => drain.isDraining,
    iceServers: () => [...config.media.iceServers],
    routerRtpCapabilities: parts.media.routerRtpCapabilities,
  });
}

interface VisitorReaderDeps {
  readonly jar: CookieJar;
  readonly addresses: AddressHasher;
  readonly app: Express;
  readonly forwarding: ForwardingMonitor;
}

/** A browser without our cookie gets a guest's with the reply to the upgrade, and is that guest at once. */
function visitorReader({
  jar,
  addresses,
  app,
  forwarding,
}: VisitorReaderDeps): (request: IncomingMessage) => Visitor {
  const originOf = originReader(app);
  const secure = tlsReader(app);
  return (request) => {
    forwarding.note(request, originOf);
    const credentials = jar.credentials(request.headers.cookie);
    const { address: addressHash, subnet } = addresses.hash(originOf(request).household);
    const device = jar.device(request.headers.cookie, secure(request));
    const origin = { subnet, device: device.mark, isNewDevice: device.isNew };
    if (credentials.guest !== null) return { credentials, newCookies: [device.cookie], addressHash, origin };
    const { session, cookie } = jar.newGuest(secure(request));
    return {
      credentials: { ...credentials, guest: session, isNewGuest: true },
      newCookies: [cookie, device.cookie],
      addressHash,
      origin,
    };
  };
}
