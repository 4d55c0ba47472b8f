import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Logger } from 'pino';
import { StripeBilling } from '../billing/stripe';
import type { Config } from '../config';
import { PepperedAddressHasher } from '../crypto/address-hasher';
import { deriveKeys } from '../crypto/derived-keys';
import { nodeId } from '../disk/node-id';
import { openSecret } from '../disk/secrets';
import { CookieJar } from '../http/cookies';
import { FileCarrier } from '../mail/file-carrier';
import { PostOffice } from '../mail/post-office';
import { SmtpCarrier } from '../mail/smtp-carrier';
import { startForwardingUnit, startWithoutMedia } from '../media';
import { systemClock } from '../memory/clock';
import type { Closers } from './closers';
import type { Fault } from './fault';
import { openRecords } from './records';
import { openShared } from './shared';

/** What reaches outside the process, or stands in for it. Each part is closed after those that were opened later. */
export async function openAdapters(config: Config, log: Logger, fault: Fault, closers: Closers) {
  const keys = deriveKeys(await openSecret(config.dataDir, config.secret));
  const mailer = closers.add(mailerOf(config, log, fault));
  const id = await nodeId(config.dataDir);
  // Another name in each life, so that nobody takes this node for the one it was before it died.
  const self = `${id}.${randomBytes(6).toString('base64url')}`;
  const shared = await openShared(config, { self, clock: systemClock, log, fault }, closers);
  const deps = { nodeId: id, clock: systemClock, log, fault };
  const records = closers.add(await openRecords(config, deps));
  const startMedia = config.role === 'signaling' ? startWithoutMedia : startForwardingUnit;
  const forwarding = closers.add(await startMedia({ ...config.rtc, self }, log));
  return {
    clock: systemClock,
    mailer,
    nodeId: id,
    records,
    forwarding,
    ...shared,
    jar: new CookieJar(keys.cookieKey),
    addresses: new PepperedAddressHasher(keys.addressPepper),
    billing: stripeOf(config),
  };
}

export type Adapters = Awaited<ReturnType<typeof openAdapters>>;

/** Letters go by SMTP where the operator names a server, else into files that only the operator can read. */
function mailerOf(config: Config, log: Logger, fault: Fault): PostOffice {
  const { smtpUrl, from } = config.mail;
  const carrier =
    smtpUrl === undefined
      ? new FileCarrier(path.join(config.dataDir, 'mail'), log)
      : new SmtpCarrier({ url: smtpUrl, from });
  return new PostOffice({ carrier, publicUrl: config.publicUrl, clock: systemClock, fault });
}

const stripeOf = ({ stripe, publicUrl }: Config): StripeBilling | null =>
  stripe === undefined ? null : new StripeBilling({ ...stripe, publicUrl });
