import type { LogIn, LogIns, NewLogIn } from '../../app/accounts/ports/log-ins';
import { keptUserAgent } from '../../domain/users';
import type { LogInRecord } from '../models';
import type { Collection } from '../store/record-store';

/** Log-ins in the records. While the store is away the collection throws `DomainError('records_unavailable')`. */
export class RecordedLogIns implements LogIns {
  constructor(private readonly logIns: Collection<LogInRecord>) {}

  async add({ id, createdAt, lastUsedAt, expiresAt, userAgent, ...rest }: NewLogIn): Promise<void> {
    await this.logIns.insert({
      _id: id,
      ...rest,
      userAgent: keptUserAgent(userAgent),
      createdAt: new Date(createdAt),
      lastUsedAt: new Date(lastUsedAt),
      expiresAt: new Date(expiresAt),
    });
  }

  async byToken(tokenHash: string, now: number): Promise<LogIn | null> {
    const record = await this.logIns.findOne({ tokenHash, expiresAt: { $gt: new Date(now) } });
    return record === null ? null : fromRecord(record);
  }

  async touch(id: string, now: number, expiresAt: number): Promise<void> {
    const $max = { lastUsedAt: new Date(now), expiresAt: new Date(expiresAt) };
    await this.logIns.update({ _id: id }, { $max });
  }

  async of(userId: string, now: number): Promise<LogIn[]> {
    const records = await this.logIns.find(
      { userId, expiresAt: { $gt: new Date(now) } },
      { sort: { lastUsedAt: -1 } },
    );
    return records.map(fromRecord);
  }

  remove(userId: string, ids: readonly string[]): Promise<number> {
    return this.logIns.delete({ userId, _id: { $in: [...ids] } });
  }

  async removeAll(userId: string, exceptId?: string): Promise<string[]> {
    const removed: string[] = [];
    // Until none is found any more: another one may be made meanwhile.
    for (;;) {
      const found = await this.logIns.find(
        exceptId === undefined ? { userId } : { userId, _id: { $ne: exceptId } },
      );
      if (found.length === 0) return removed;
      const ids = found.map(({ _id }) => _id);
      await this.remove(userId, ids);
      removed.push(...ids);
    }
  }
}

const fromRecord = (record: LogInRecord): LogIn => ({
  id: record._id,
  userId: record.userId,
  userAgent: record.userAgent,
  createdAt: record.createdAt.getTime(),
  lastUsedAt: record.lastUsedAt.getTime(),
  expiresAt: record.expiresAt.getTime(),
  generation: record.generation ?? 0,
});
