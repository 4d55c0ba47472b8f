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

  async byToken(
    tokenHash: string,
    now: number,
  ): Promise<{ readonly userId: string; readonly generation: number } | null> {
    const unused = { tokenHash, usedAt: null, expiresAt: { $gt: new Date(now) } };
    const found = await this.resets.findOne(unused);
    return found === null ? null : { userId: found.userId, generation: found.generation ?? 0 };
  }

  removeAll(userId: string): Promise<number> {
    return this.resets.delete({ userId });
  }
}
