import { emailKey } from '../../domain/users';
import type {
  NewPendingRegistration,
  PendingRegistration,
  PendingRegistrations,
} from '../../app/accounts/ports/pending-registrations';
import type { PendingRegistrationRecord } from '../models';
import type { Collection } from '../store/record-store';

/** Pending registrations in the records. While the store is away it throws `DomainError('records_unavailable')`. */
export class RecordedPendingRegistrations implements PendingRegistrations {
  constructor(private readonly registrations: Collection<PendingRegistrationRecord>) {}

  async add({ id, name, createdAt, expiresAt, ...rest }: NewPendingRegistration): Promise<void> {
    await this.registrations.insert({
      _id: id,
      ...rest,
      username: name,
      emailKey: emailKey(rest.email),
      createdAt: new Date(createdAt),
      expiresAt: new Date(expiresAt),
    });
  }

  async byToken(tokenHash: string, now: number): Promise<PendingRegistration | null> {
    const found = await this.registrations.findOne({ tokenHash, expiresAt: { $gt: new Date(now) } });
    return found === null ? null : fromRecord(found);
  }

  async of(userId: string, now: number): Promise<PendingRegistration[]> {
    const found = await this.registrations.find({ userId, expiresAt: { $gt: new Date(now) } });
    return found.map(fromRecord);
  }

  async remove(id: string): Promise<void> {
    await this.registrations.delete({ _id: id });
  }

  async removeAll(userId: string, email: string | null): Promise<number> {
    const ofUser = await this.registrations.delete({ userId });
    if (email === null) return ofUser;
    return ofUser + (await this.registrations.delete({ emailKey: emailKey(email) }));
  }
}

const fromRecord = (record: PendingRegistrationRecord): PendingRegistration => ({
  userId: record.userId,
  name: record.username,
  email: record.email,
  passwordHash: record.passwordHash,
  birthDate: record.birthDate,
  createdAt: record.createdAt.getTime(),
  expiresAt: record.expiresAt.getTime(),
});
