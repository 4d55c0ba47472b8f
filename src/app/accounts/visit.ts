import type { AddressHashes } from '../ports/address-hasher';

/** What may be kept of where a request comes from. */
export interface Visit {
  readonly marks: AddressHashes;
  readonly userAgent: string;
  /** The `Accept-Language` header. */
  readonly languages: string;
}
