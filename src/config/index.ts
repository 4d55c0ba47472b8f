import type { InterfaceAddress } from '../domain/announced-address';
import { accountsConfig, type AccountsConfig } from './accounts';
import { billingConfig, billingProblems, type BillingConfig } from './billing';
import { clusterConfig, clusterProblems, type ClusterConfig } from './cluster';
import { parseEnvironment, type Environment } from './environment';
import { httpConfig, type HttpConfig } from './http';
import { loggingConfig, type LoggingConfig } from './logging';
import { mailConfig, mailProblems, type MailConfig } from './mail';
import { matchmakingConfig, type MatchmakingConfig } from './matchmaking';
import { mediaConfig, mediaProblems, type MediaConfig } from './media';
import { operatorsConfig, type OperatorsConfig } from './operators';
import { ConfigError } from './problem';
import { recordsConfig, type RecordsConfig } from './records';
import { signalingConfig, type SignalingConfig } from './signaling';
import { storageConfig, type StorageConfig } from './storage';

export { FEATURES } from './features';
export { ConfigError } from './problem';
export { makeRoomForThreads } from './environment';
export type { Feature, Variable } from './variable';

/** What the operator has set, by feature. */
export interface Config {
  readonly http: HttpConfig;
  readonly signaling: SignalingConfig;
  readonly storage: StorageConfig;
  readonly records: RecordsConfig;
  readonly accounts: AccountsConfig;
  readonly mail: MailConfig;
  readonly billing: BillingConfig;
  readonly matchmaking: MatchmakingConfig;
  readonly media: MediaConfig;
  readonly cluster: ClusterConfig;
  readonly operators: OperatorsConfig;
  readonly logging: LoggingConfig;
}

/** Reads and checks the environment. `interfaces`: the addresses of the machine. Throws `ConfigError`. */
export function readConfig(environment?: Environment, interfaces?: readonly InterfaceAddress[]): Config {
  const values = parseEnvironment(environment);
  const media = mediaConfig(values.media, values.http, interfaces);
  const problems = [
    ...billingProblems(values.billing, values.http),
    ...mediaProblems(media, values.http),
    ...mailProblems(values.mail),
    ...clusterProblems(values.cluster, values.storage, media),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return frozen({
    http: httpConfig(values.http),
    signaling: signalingConfig(values.signaling),
    storage: storageConfig(values.storage),
    records: recordsConfig(values.records),
    accounts: accountsConfig(values.accounts),
    mail: mailConfig(values.mail),
    billing: billingConfig(values.billing),
    matchmaking: matchmakingConfig(values.matchmaking),
    media,
    cluster: clusterConfig(values.cluster),
    operators: operatorsConfig(values.operators),
    logging: loggingConfig(values.logging),
  });
}

/** What a command needs that works on the records while no server runs. */
export type RecordsCommandConfig = Pick<Config, 'storage' | 'records' | 'logging'>;

/**
 * Reads what a command on the records needs. Each variable is checked by itself; whether those of other features go
 * together is no concern of such a command. Throws `ConfigError`.
 */
export function readRecordsCommandConfig(environment?: Environment): RecordsCommandConfig {
  const values = parseEnvironment(environment);
  return frozen({
    storage: storageConfig(values.storage),
    records: recordsConfig(values.records),
    logging: loggingConfig(values.logging),
  });
}

function frozen<T extends object>(config: T): T {
  for (const part of Object.values(config)) Object.freeze(part);
  return Object.freeze(config);
}
