import type { AddressHashes } from '../ports/address-hasher';

/** What a request shows of where it comes from, as far as it may be kept. */
export interface Visit {
  readonly marks: AddressHashes;
  readonly userAgent: string;
  /** `Accept-Language`, as it came. */
  readonly languages: string;
}
