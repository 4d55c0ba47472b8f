import { hkdfSync } from 'node:crypto';

/** The keys an installation works with; none of them tells anything about the others. */
export interface DerivedKeys {
  /** For marks of addresses. */
  readonly addressPepper: Buffer;
  /** For signatures in cookies. */
  readonly cookieKey: Buffer;
}

/** Derived by HKDF-SHA256, each under a name of its own, from the installation's secret of 32 bytes. */
export function deriveKeys(secret: Buffer): DerivedKeys {
  const key = (name: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `passerby ${name}`, 32));
  return { addressPepper: key('address pepper'), cookieKey: key('cookie signature') };
}
