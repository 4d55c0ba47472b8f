/** What may be kept of an address: hashes that are equal for equal addresses and reveal nothing else. */
export interface AddressHashes {
  /** Of the address; of its first 64 bits where it is IPv6, which is one household's worth. */
  readonly address: string;
  /** Of the network around it: the first 24 bits of an IPv4 address, the first 48 of an IPv6 one. */
  readonly subnet: string;
}

/** Addresses are never kept in the clear (G2). */
export interface AddressHasher {
  hash(address: string): AddressHashes;
}
