import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Logger } from 'pino';
import { ProviderWatch, watchedProvider } from '../app/plans/provider-watch';
import { StripeBilling } from '../billing/stripe';
import type { Config } from '../config';
import { PepperedAddressHasher } from '../crypto/address-hasher';
import { deriveKeys } from '../crypto/derived-keys';
import { nodeId } from '../disk/node-id';
import { openSecret } from '../disk/secrets';
import { CookieJar } from '../http/cookies';
import { FileMailTransport } from '../mail/file-mail-transport';
import { MailQueue } from '../mail/mail-queue';
import { SmtpMailTransport } from '../mail/smtp-mail-transport';
import { startMediasoupNode, startWithoutMedia } from '../media';
import type { Closers } from './closers';
import type { Clock } from '../app/ports/clock';
import type { ErrorReporter } from '../app/ports/error-reporter';
import { logMediaAddress } from './media-address-log';
import { openRecords } from './records';
import { openShared } from './shared';
import { sharedSettings } from './shared-settings';

export interface AdaptersDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly reportError: ErrorReporter;
  readonly closers: Closers;
}

/** Opens what reaches outside the process, or stands in for it. Each part is closed after those opened later. */
export async function openAdapters({ config, log, clock, reportError, closers }: AdaptersDeps) {
  const keys = deriveKeys(await openSecret(config.storage.dataDir, config.storage.secret));
  const mailer = closers.add(mailerOf(config, { log, clock, reportError }));
  const id = await nodeId(config.storage.dataDir);
  // The name is another one after each start, so that other nodes do not confuse this node with its former process.
  const self = `${id}.${randomBytes(6).toString('base64url')}`;
  const shared = await openShared(config, { self, clock, log, reportError }, closers);
  const deps = { nodeId: id, clock, log, reportError };
  const records = closers.add(await openRecords(config, deps));
  if (config.cluster.role !== 'signaling') logMediaAddress(log, config);
  const startMedia = config.cluster.role === 'signaling' ? startWithoutMedia : startMediasoupNode;
  const media = closers.add(await startMedia({ ...config.media.rtc, self }, log));
  return {
    clock,
    mailer,
    nodeId: id,
    records,
    media,
    ...shared,
    jar: new CookieJar(keys.cookieKey),
    addresses: new PepperedAddressHasher(keys.addressPepper),
    settings: sharedSettings(config, keys.secretMark),
    ...billingOf(config),
  };
}

export type Adapters = Awaited<ReturnType<typeof openAdapters>>;

/** E-mails go by SMTP where the operator names a server, else into files that only the operator can read. */
function mailerOf(
  config: Config,
  { log, clock, reportError }: Pick<AdaptersDeps, 'log' | 'clock' | 'reportError'>,
): MailQueue {
  const { smtpUrl, from } = config.mail;
  const carrier =
    smtpUrl === undefined
      ? new FileMailTransport(path.join(config.storage.dataDir, 'mail'), log)
      : new SmtpMailTransport({ url: smtpUrl, from });
  return new MailQueue({ carrier, publicUrl: config.http.publicUrl, clock, log, reportError });
}

/** Null where no plans are sold. */
function billingOf({ billing: { stripe }, http: { publicUrl } }: Config) {
  if (stripe === undefined) return { billing: null, providerWatch: null };
  const providerWatch = new ProviderWatch();
  return {
    billing: watchedProvider(new StripeBilling({ ...stripe, publicUrl }), providerWatch),
    providerWatch,
  };
}
