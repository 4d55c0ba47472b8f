import { emailKey } from '../../domain/users';
import type {
  Block,
  CountedCall,
  GuestName,
  NewAccount,
  NewPassword,
  User,
  Users,
} from '../../app/accounts/ports/users';
import type { Profile } from '../../protocol';
import type { PreferencesRecord, UserRecord } from '../models';
import { DAY_MS } from '../models/shared';
import { DuplicateRecord, type Collection, type Filter, type Update } from '../store/record-store';

/** How many of a user's blocks are kept, the newest. */
const BLOCKS_KEPT = 1_000;
/** A call that is reported twice is reported twice within the hour; no user has this many calls in an hour. */
const COUNTED_KEPT = 100;

/** Users in the records. While the store is away the collection throws `DomainError('records_unavailable')`. */
export class RecordedUsers implements Users {
  constructor(private readonly users: Collection<UserRecord>) {}

  async get(id: string): Promise<User | null> {
    return fromRecord(await this.users.get(id));
  }

  async byEmail(email: string): Promise<User | null> {
    return fromRecord(await this.users.findOne({ emailKey: emailKey(email), isAnonymous: false }));
  }

  async addAccount(
    { id, name, email, passwordHash, birthDate }: NewAccount,
    now: number,
  ): Promise<User | null> {
    const at = new Date(now);
    const $set = {
      isAnonymous: false,
      username: name,
      email,
      emailKey: emailKey(email),
      passwordHash,
      birthDate,
      lastActiveAt: at,
      updatedAt: at,
      expiresAt: null,
    };
    try {
      return await this.upsertAccount(id, $set);
    } catch (error) {
      if (!(error instanceof DuplicateRecord)) throw error;
    }
    // The guest's record may have been made in this very moment, and can be changed by now.
    if ((await this.users.get(id))?.isAnonymous !== true) return null;
    try {
      return await this.upsertAccount(id, $set);
    } catch (error) {
      if (error instanceof DuplicateRecord) return null;
      throw error;
    }
  }

  /** A guest's record is changed. If there is none, or it belongs to an account by now, a new one is inserted. */
  private async upsertAccount(
    id: string,
    $set: Readonly<Record<string, unknown>> & { updatedAt: Date },
  ): Promise<User> {
    const record = await this.users.update(
      { _id: id, isAnonymous: true },
      { $set, $setOnInsert: { createdAt: $set.updatedAt } },
      { upsert: true },
    );
    return expected(fromRecord(record));
  }

  async keepGuest({ id, name }: GuestName, now: number): Promise<void> {
    const at = new Date(now);
    try {
      await this.users.update(
        { _id: id, isAnonymous: true },
        {
          $set: { lastActiveAt: at, expiresAt: new Date(now + DAY_MS) },
          $setOnInsert: { username: name, createdAt: at, updatedAt: at },
        },
        { upsert: true },
      );
    } catch (error) {
      // The guest has become an account, or another request was first: either way there is a record.
      if (!(error instanceof DuplicateRecord)) throw error;
    }
  }

  async change(
    id: string,
    { name, profile = {} }: { readonly name?: string; readonly profile?: Partial<Profile> },
    now: number,
  ): Promise<User | null> {
    const $set = {
      ...(name === undefined ? {} : { username: name }),
      ...fieldsOf(profile),
      updatedAt: new Date(now),
    };
    return fromRecord(await this.users.update({ _id: id }, { $set }));
  }

  async renewHash(id: string, passwordHash: string, now: number, onlyIf: string): Promise<boolean> {
    const $set = { passwordHash, updatedAt: new Date(now) };
    const filter = { _id: id, isAnonymous: false, passwordHash: onlyIf };
    return (await this.users.update(filter, { $set })) !== null;
  }

  async changePassword(
    id: string,
    { passwordHash, onlyIf, keptLogInId }: NewPassword,
    now: number,
  ): Promise<boolean> {
    const changed = await this.users.update(
      { _id: id, isAnonymous: false, passwordHash: onlyIf },
      { $set: { passwordHash, keptLogInId, updatedAt: new Date(now) }, $inc: { logInGeneration: 1 } },
    );
    return changed !== null;
  }

  async endLogIns(id: string, keptLogInId: string | null, now: number): Promise<void> {
    await this.users.update(
      { _id: id, isAnonymous: false },
      { $set: { keptLogInId, updatedAt: new Date(now) }, $inc: { logInGeneration: 1 } },
    );
  }

  async touch(id: string, now: number): Promise<void> {
    const lastActiveAt = new Date(now);
    const guest = { lastActiveAt, expiresAt: new Date(now + DAY_MS) };
    if ((await this.users.update({ _id: id, isAnonymous: true }, { $set: guest })) !== null) return;
    await this.users.update({ _id: id, isAnonymous: false }, { $set: { lastActiveAt } });
  }

  async block(id: string, block: Block): Promise<void> {
    const { filter, update } = blockUpdate(id, block);
    await this.users.update(filter, update);
  }

  async unblock(id: string, otherId: string, now: number): Promise<boolean> {
    const unblocked = await this.users.update(
      { _id: id, 'blockedUsers.userId': otherId },
      { $pull: { blockedUsers: { userId: otherId } }, $set: { updatedAt: new Date(now) } },
    );
    return unblocked !== null;
  }

  async countCall(
    id: string,
    { callId, talkedMs, messagesSent, skipped }: CountedCall,
    now: number,
  ): Promise<void> {
    await this.users.update(
      { _id: id, countedCalls: { $ne: callId } },
      {
        $inc: {
          'sessionStats.calls': 1,
          'sessionStats.talkedMs': talkedMs,
          'sessionStats.messagesSent': messagesSent,
          'sessionStats.skipped': skipped ? 1 : 0,
        },
        $max: { 'sessionStats.longestMs': talkedMs },
        $push: { countedCalls: { $each: [callId], $slice: -COUNTED_KEPT } },
        $set: { updatedAt: new Date(now) },
      },
    );
  }

  async remove(id: string): Promise<boolean> {
    // Other users' blocks first: after a crash in between, the user can still be removed.
    await this.users.updateMany({ 'blockedUsers.userId': id }, { $pull: { blockedUsers: { userId: id } } });
    return (await this.users.delete({ _id: id })) > 0;
  }
}

/** Adds a block to a user's own, once. */
export const blockUpdate = (id: string, { userId, name, at }: Block): { filter: Filter; update: Update } => ({
  filter: { _id: id, 'blockedUsers.userId': { $ne: userId } },
  update: {
    $push: { blockedUsers: { $each: [{ userId, name, at: new Date(at) }], $slice: -BLOCKS_KEPT } },
    $set: { updatedAt: new Date(at) },
  },
});

function expected<T>(value: T | null): T {
  if (value === null) throw new Error('an upsert made nothing');
  return value;
}

const PREFERENCES: readonly (keyof PreferencesRecord & keyof Profile)[] = [
  'mode',
  'wantedGenders',
  'wantedAgeBands',
  'avoidCountries',
  'blurFirst',
];

/** The field of each part of a profile in a record: facts about the user at the top, wishes under `preferences`. */
const fieldsOf = (profile: Partial<Profile>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(profile)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [
        (PREFERENCES as readonly string[]).includes(field) ? `preferences.${field}` : field,
        value,
      ]),
  );

function fromRecord(record: UserRecord | null): User | null {
  if (record === null) return null;
  const { preferences, sessionStats } = record;
  return {
    id: record._id,
    isAnonymous: record.isAnonymous,
    name: record.username,
    email: record.email,
    passwordHash: record.passwordHash,
    logInGeneration: record.logInGeneration ?? 0,
    keptLogInId: record.keptLogInId ?? null,
    birthDate: record.birthDate,
    profile: {
      gender: record.gender,
      country: record.country,
      languages: [...record.languages],
      interests: [...record.interests],
      mode: preferences.mode,
      wantedGenders: [...preferences.wantedGenders],
      wantedAgeBands: [...preferences.wantedAgeBands],
      avoidCountries: [...preferences.avoidCountries],
      blurFirst: preferences.blurFirst,
    },
    statistics: {
      calls: sessionStats.calls,
      talkedMs: sessionStats.talkedMs,
      longestMs: sessionStats.longestMs,
      messagesSent: sessionStats.messagesSent,
      skipped: sessionStats.skipped,
    },
    blocks: record.blockedUsers.map(({ userId, name, at }) => ({ userId, name, at: at.getTime() })),
    lastActiveAt: record.lastActiveAt.getTime(),
    createdAt: record.createdAt.getTime(),
  };
}
