import { createHmac } from 'node:crypto';
import type { AddressHasher, AddressHashes } from '../app/ports/address-hasher';
import { networksOf } from '../domain/addresses';

/**
 * HMAC-SHA256 of addresses with a pepper: without the pepper, an address cannot be found by trying them all. One address
 * has one hash, however it is written.
 */
export class PepperedAddressHasher implements AddressHasher {
  constructor(private readonly pepper: Buffer) {}

  hash(address: string): AddressHashes {
    const { household, subnet } = networksOf(address);
    return { address: this.mark('address', household), subnet: this.mark('subnet', subnet) };
  }

  private mark(kind: string, text: string): string {
    return createHmac('sha256', this.pepper).update(`${kind} ${text}`).digest('base64url');
  }
}
