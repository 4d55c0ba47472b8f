import type { PasswordResets } from '../../app/accounts/ports/password-resets';
import type { PasswordResetRecord } from '../models';
import type { Collection } from '../store/record-store';

/** Resets in the records. While the store is away the collection throws `DomainError('records_unavailable')`. */
export class RecordedPasswordResets implements PasswordResets {
  constructor(private readonly resets: Collection<PasswordResetRecord>) {}

  async add({ id, createdAt, expiresAt, ...rest }: Parameters<PasswordResets['add']>[0]): Promise<void> {
    await this.resets.insert({
      _id: id,
      ...rest,
      createdAt: new Date(createdAt),
      usedAt: null,
      expiresAt: new Date(expiresAt),
    });
  }

  async holder(tokenHash: string, now: number): Promise<string | null> {
    return (await this.resets.findOne(usable(tokenHash, now)))?.userId ?? null;
  }

  async use(tokenHash: string, now: number): Promise<string | null> {
    // One atomic step: the filter fits for the first one only.
    const used = await this.resets.update(usable(tokenHash, now), { $set: { usedAt: new Date(now) } });
    return used?.userId ?? null;
  }

  removeAll(userId: string): Promise<number> {
    return this.resets.delete({ userId });
  }
}

const usable = (tokenHash: string, now: number) => ({
  tokenHash,
  usedAt: null,
  expiresAt: { $gt: new Date(now) },
});
