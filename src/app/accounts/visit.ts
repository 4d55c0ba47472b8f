import type { AddressHashes } from '../ports/address-hasher';

/** What may be kept of where a request comes from. */
export interface Visit {
  /** Of the address and of the network around it. */
  readonly addressHashes: AddressHashes;
  readonly userAgent: string;
  /** The `Accept-Language` header. */
  readonly languages: string;
}
