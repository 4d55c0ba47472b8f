import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/memory/clock';
import { callModel, MODELS, logInModel } from '../../src/records/models';
import { runIndexes } from '../../src/records/maintenance/commands';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import { indexesOf } from '../../src/records/store/indexes';
import { InvalidRecord, StoreUnavailable } from '../../src/records/store/record-store';
import { describeWithMongo, TestDatabase } from '../support/mongo';
import { call, logIn, message, silent } from '../support/records';
import { recordStoreContract } from './record-store';

const open = async (uri: string): Promise<MongoStore> => {
  const store = new MongoStore({ uri, clock: systemClock, log: silent });
  await store.reached();
  return store;
};

describeWithMongo('MongoDB as record store', () => {
  const database = new TestDatabase();
  afterAll(async () => database.drop());

  recordStoreContract(() => open(database.uri));

  test('T4 G2 makes every index that the schemas declare, unique, partial and with its lifetime', async () => {
    const store = await open(database.uri);
    await store.ensureIndexes();
    const connection = await database.connect();
    const kinds = new Set<unknown>();
    for (const model of MODELS) {
      const made = await connection.collection(model.collection).indexes();
      for (const { keys, unique, partial, expireAfterSeconds } of indexesOf(model)) {
        const found = made.find(({ key }) => JSON.stringify(key) === JSON.stringify(keys));
        expect({
          of: model.collection,
          keys: found?.key,
          unique: Boolean(found?.unique),
          partial: found?.partialFilterExpression,
          expireAfterSeconds: found?.expireAfterSeconds,
        }).toEqual({ of: model.collection, keys, unique, partial, expireAfterSeconds });
        kinds
          .add(unique ? 'unique' : '')
          .add(partial ? 'partial' : '')
          .add(expireAfterSeconds ?? '');
      }
    }
    // Each kind of index is declared by some schema; otherwise this would test nothing.
    expect([...kinds]).toEqual(expect.arrayContaining(['unique', 'partial', 0]));
    await connection.close();
    await store.close();
  });

  test('T4 names the indexes that are missing, or have other options, and makes none of them', async () => {
    const uri = database.uri.replace(database.name, `${database.name}-bare`);
    const store = new MongoStore({ uri, clock: systemClock, log: silent, makesIndexes: false });
    await store.reached();
    const declared = MODELS.flatMap((model) =>
      indexesOf(model).map(({ keys }) => ({ collection: model.collection, keys })),
    );
    expect(await store.missingIndexes()).toEqual(declared);
    await store.ensureIndexes();
    expect(await store.missingIndexes()).toEqual([]);
    const connection = await database.connect();
    const bare = connection.useDb(`${database.name}-bare`);
    await bare.collection('bans').dropIndex('createdAt_-1__id_-1');
    const lines: string[] = [];
    const context = { store, dataDir: '', clock: systemClock, say: (line: string) => void lines.push(line) };
    await runIndexes(context, { isDryRun: true });
    expect(lines.filter((line) => line.includes('missing'))).toEqual([
      expect.stringMatching(/bans.*"createdAt":-1,"_id":-1.*missing/),
      expect.stringMatching(/^1 of them .*nothing was changed/i),
    ]);
    expect(await store.missingIndexes()).toHaveLength(1);
    await bare.dropDatabase();
    await connection.close();
    await store.close();
  });

  test('G2 the server itself deletes records past their end', async () => {
    const store = await open(database.uri);
    const connection = await database.connect();
    const logIns = store.collection(logInModel);
    await logIns.insert(logIn('stays'));
    await logIns.insert(logIn('goes', { expiresAt: new Date(Date.now() + 100) }));
    const kept = () => connection.collection('logins').countDocuments({ userId: 'somebody' });
    const until = Date.now() + 75_000;
    while ((await kept()) > 1 && Date.now() < until) await wait(500);
    expect(await kept()).toBe(1);
    expect(await logIns.get('stays')).not.toBeNull();
    await connection.close();
    await store.close();
  }, 90_000);

  test('T4 after it was closed it is down and unavailable, and closing again is nothing', async () => {
    const store = await open(database.uri);
    expect(store.health()).toBe('up');
    await store.close();
    await store.close();
    expect(store.health()).toBe('down');
    await expect(store.collection(logInModel).get('x')).rejects.toThrow(StoreUnavailable);
  });

  test('T4 rejects a record that is larger than the server accepts', async () => {
    const store = await open(database.uri);
    const messages = Array.from({ length: 9_500 }, (_, at) =>
      message(`${at}`, { content: 'x'.repeat(2_000) }),
    );
    await expect(store.collection(callModel).insert(call('huge', { messages }))).rejects.toThrow(
      InvalidRecord,
    );
    expect(store.health()).toBe('up');
    await store.close();
  });

  test('T4 says unavailable, and soon, where no server is', async () => {
    const store = new MongoStore({ uri: 'mongodb://127.0.0.1:9/x', clock: systemClock, log: silent });
    const begun = Date.now();
    await expect(store.collection(logInModel).insert(logIn('x'))).rejects.toThrow(StoreUnavailable);
    expect(store.health()).toBe('down');
    await store.close();
    expect(Date.now() - begun).toBeLessThan(5_000);
  });
});
