import { hkdfSync } from 'node:crypto';

/** The keys of an installation; none of them reveals anything about the others. */
export interface DerivedKeys {
  /** For hashes of addresses. */
  readonly addressPepper: Buffer;
  /** For signatures in cookies. */
  readonly cookieKey: Buffer;
  /** By it nodes see whether they have the same secret. */
  readonly secretMark: string;
}

/** Derived by HKDF-SHA256 from the installation's secret of 32 bytes, each under its own name. */
export function deriveKeys(secret: Buffer): DerivedKeys {
  const key = (name: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `passerby ${name}`, 32));
  return {
    addressPepper: key('address pepper'),
    cookieKey: key('cookie signature'),
    secretMark: key('mark of the secret').toString('base64url').slice(0, 11),
  };
}
