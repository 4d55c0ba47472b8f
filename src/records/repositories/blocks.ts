import type { BlockJournal, Blocker } from '../../app/accounts/ports/block-journal';
import type { Block } from '../../app/accounts/ports/users';
import { userModel } from '../models';
import { DAY_MS } from '../models/shared';
import type { Entry, Outbox } from '../store/outbox';
import { StoreUnavailable } from '../store/record-store';
import { unavailable } from '../store/domain-errors';
import { blockUpdate } from './users';

/** Blocks by way of the outbox. Each entry can be applied twice without harm. */
export class RecordedBlocks implements BlockJournal {
  constructor(private readonly outbox: Pick<Outbox, 'write' | 'drained'>) {}

  async write(blocker: Blocker, block: Block): Promise<void> {
    const { userId, guestName } = blocker;
    const { filter, update } = blockUpdate(userId, block);
    const entries = [
      ...(guestName === null ? [] : guestEntries(userId, guestName, block.at)),
      { collection: userModel.collection, filter, update, upsert: false },
    ];
    try {
      await Promise.all(entries.map((entry) => this.outbox.write(entry)));
    } catch (error) {
      throw error instanceof StoreUnavailable ? unavailable() : error;
    }
  }

  settled(timeoutMs: number): Promise<boolean> {
    return this.outbox.drained(timeoutMs);
  }
}

/**
 * Makes the record of a guest who has none, and keeps the one of a guest who has. A guest who is an account by now is
 * left alone. The second entry is about the guest alone, so that no account ends with it.
 */
function guestEntries(userId: string, name: string, now: number): Entry[] {
  const at = new Date(now);
  const expiresAt = new Date(now + DAY_MS);
  const made = {
    isAnonymous: true,
    username: name,
    createdAt: at,
    updatedAt: at,
    lastActiveAt: at,
    expiresAt,
  };
  const { collection } = userModel;
  return [
    { collection, filter: { _id: userId }, update: { $setOnInsert: made }, upsert: true },
    {
      collection,
      filter: { _id: userId, isAnonymous: true },
      update: { $set: { lastActiveAt: at, expiresAt } },
      upsert: false,
    },
  ];
}
