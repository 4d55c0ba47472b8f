import { MODELS } from '../../src/records/models';
import type { Identified, Model, RecordStore } from '../../src/records/store/record-store';
import type { Collections } from './records/collections';
import { findContract } from './records/finds';
import { insertContract } from './records/inserts';
import { lifetimeContract } from './records/lifetimes';
import { uniqueContract } from './records/unique-indexes';
import { updateContract } from './records/updates';
import { upsertContract } from './records/upserts';

/** Every guarantee of the port for a record store, for each implementation. */
export function recordStoreContract(open: () => Promise<RecordStore>): void {
  let store: RecordStore;
  const of: Collections = (model) => store.collection(model);

  beforeAll(async () => {
    store = await open();
    await store.ensureIndexes();
  });
  beforeEach(async () => {
    for (const model of MODELS) await store.collection(model as unknown as Model<Identified>).delete({});
  });
  afterAll(async () => store.close());

  insertContract(of);
  findContract(of);
  updateContract(of);
  upsertContract(of);
  uniqueContract(of);
  lifetimeContract(of);

  test('T4 indexes can be made again and again', async () => {
    await store.ensureIndexes();
    await store.ensureIndexes();
    expect(store.health()).toBe('up');
    expect(await store.missingIndexes()).toEqual([]);
  });
}
