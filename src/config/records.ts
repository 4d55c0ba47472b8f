import { ConnectionString } from 'mongodb-connection-string-url';
import { z } from 'zod';
import { defineFeature, optionalVariable, type ValuesOf } from './variable';

/** A name, an IPv4 address, an IPv6 one in brackets, or the path of a socket in percent signs. */
const HOST = /^(?:\[[^\]]+\]|[^:[\]\s]+)(?::\d{1,5})?$/;

/** As MongoDB takes them on Linux. No name: the database has its default name. */
const isDatabaseName = (name: string): boolean =>
  Buffer.byteLength(name) < 64 && !['/', '\\', '.', ' ', '"', '$', '\0'].some((sign) => name.includes(sign));

/** Whatever the driver of MongoDB takes. The message never repeats the address: it may hold a password. */
const mongodbUri = z.string().superRefine((text, context) => {
  if (!/^mongodb(?:\+srv)?:\/\//.test(text)) {
    context.addIssue('is no mongodb:// or mongodb+srv:// address');
    return;
  }
  try {
    const { hosts, pathname } = new ConnectionString(text);
    if (!hosts.every((host) => HOST.test(host)))
      context.addIssue('cannot be read: a host or a port is wrong');
    if (!isDatabaseName(decodeURIComponent(pathname.slice(1))))
      context.addIssue(
        'names a database that cannot be: a name has at most 63 bytes and neither spaces nor any of / \\ . " $',
      );
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const isSafe = message !== '' && !message.includes('://');
    context.addIssue(
      isSafe
        ? `cannot be read: ${message}`
        : 'cannot be read. It has the form mongodb://[user:password@]host[:port][,host…][/database][?options], and special characters in user and password are written as %40',
    );
  }
});

export const records = defineFeature('Records', {
  MONGODB_URI: optionalVariable({
    schema: mongodbUri,
    defaultInWords: 'none: records are kept in `DATA_DIR/records`',
    example: 'mongodb://10.0.0.6,10.0.0.7,10.0.0.8/passerby?replicaSet=rs0',
    description:
      'Address of the MongoDB database that keeps the records instead of `DATA_DIR/records`: `mongodb://` or `mongodb+srv://`, with all servers of a replica set and any option of the driver. Without a name after the hosts the database is `passerby`.',
  }),
});

export interface RecordsConfig {
  readonly mongodbUri?: string;
}

export const recordsConfig = ({ MONGODB_URI }: ValuesOf<typeof records>): RecordsConfig =>
  MONGODB_URI === undefined ? {} : { mongodbUri: MONGODB_URI };
