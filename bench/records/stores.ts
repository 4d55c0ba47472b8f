// Times what is asked of the records all the time, on both stores: `node bench/run.mjs records -- [records] [embedded]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConnection, type Connection } from 'mongoose';
import { systemClock } from '../../src/memory/clock';
import { EmbeddedStore } from '../../src/records/embedded/embedded-store';
import { callModel, reportModel, subscriptionModel, userModel } from '../../src/records/models';
import { MongoStore } from '../../src/records/mongo/mongo-store';
import type { AnyModel, Identified, Model, RecordStore } from '../../src/records/store/record-store';
import { figureCells, tableText } from '../support/figures';
import { underHeader, type Header } from '../support/header';
import { LiveStats } from './population';
import { QUESTIONS, sentFilter, type Question } from './questions';

const IN_MONGO = Number(process.argv[2] ?? 1_000_000);
const EMBEDDED = Number(process.argv[3] ?? 100_000);
const ASKED = 500;
const WARM_UP = 50;
const BATCH = 1_000;

const print = (line: string): void => console.log(line);

const HEADER: Header = {
  title: `records: ${IN_MONGO} in MongoDB, where there is one, and ${EMBEDDED} in the embedded store`,
  measures: `${ASKED} times each of what is asked of the records all the time, after ${WARM_UP} to warm up, one at a time`,
  from: "the repository's call",
  to: 'its answer, parsed',
  order: 'block after block: one store after the other, one question after the other',
  together: 'the asking and the embedded store are one process; MongoDB is wherever MONGODB_TEST_URI says',
  doesNotShow: 'many questions at once, a database that is busy otherwise or does not fit into memory',
};
const log = { info: () => undefined, warn: print, error: print };

/** Seven reports for each person, each with a plan and a call. */
const share = (records: number) => ({
  people: Math.floor(records / 10),
  reports: records - 3 * Math.floor(records / 10),
});

function kinds(population: LiveStats, records: number): [AnyModel, number, (at: number) => Identified][] {
  const { people, reports } = share(records);
  return [
    [userModel, people, (at) => population.user(at)],
    [subscriptionModel, people, (at) => population.subscription(at)],
    [callModel, people, (at) => population.call(at)],
    [reportModel, reports, (at) => population.report(at)],
  ];
}

async function filled(what: string, records: number, fill: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  await fill();
  const seconds = (performance.now() - begun) / 1000;
  print(
    `${what}: ${records} records written in ${seconds.toFixed(1)} s (${Math.round(records / seconds)}/s)`,
  );
}

async function timed(question: Question, store: RecordStore, people: number): Promise<number[]> {
  const took: number[] = [];
  for (let round = 0; round < WARM_UP + ASKED; round++) {
    const at = (round * 7919) % people;
    const begun = performance.now();
    const answer = await question.ask(store, at);
    if (answer === null) throw new Error(`${question.name}: nothing was found`);
    if (round >= WARM_UP) took.push(performance.now() - begun);
  }
  return took;
}

async function table(title: string, store: RecordStore, records: number, plans?: Connection): Promise<void> {
  print(`\n${title}`);
  const rows: string[][] = [];
  for (const question of QUESTIONS) {
    const took = await timed(question, store, share(records).people);
    const plan = plans === undefined ? '' : await planOf(question, plans);
    rows.push([question.name, ...figureCells(took, 2), String(question.mostMs ?? ''), plan]);
  }
  print(tableText([['ms', 'n', 'p50', 'p90', '', 'p99 at most', 'plan'], ...rows]));
}

/** How the server finds it. A plan without an index is a defect, so the run ends. */
async function planOf(question: Question, connection: Connection): Promise<string> {
  const cursor = connection.collection(question.model.collection).find(sentFilter(question, 1));
  const plan = JSON.stringify(
    await (question.sort ? cursor.sort({ ...question.sort }).limit(50) : cursor).explain(),
  );
  const indexes = [...plan.matchAll(/"(?:Index Name|indexName)":"([^"]+)"/g)].map(([, name]) => name);
  const used = [...plan.matchAll(/"Index Name":"([^"]+)"/g)].map(([, name]) => name);
  const steps = [...plan.matchAll(/"(?:Node Type|stage)":"([^"]+)"/g)].map(([, step]) => step ?? '');
  // A scan of the index of ids without a condition on them is how the PostgreSQL engine reads a whole collection.
  const readsAll =
    /Seq Scan|COLLSCAN/.test(plan) ||
    (used.length > 0 && used.every((name) => name === '_id_') && !('_id' in question.filter(1)));
  if (readsAll) throw new Error(`${question.name}: the server reads the whole collection: ${plan}`);
  const named = [...new Set(used.length > 0 ? used : indexes)].join(' and ');
  return `${named} (${steps.filter((step) => step !== 'Custom Scan').join(' < ')})`;
}

async function benchMongo(uri: string, population: LiveStats): Promise<void> {
  const address = new URL(uri);
  address.pathname = `/passerby-bench-${process.pid}`;
  const connection = await createConnection(address.href).asPromise();
  const store = new MongoStore({ uri: address.href, clock: systemClock, log });
  try {
    await store.reached();
    await store.ensureIndexes();
    await filled('MongoDB', IN_MONGO, async () => {
      for (const [model, count, make] of kinds(population, IN_MONGO)) {
        const collection = connection.collection<Identified>(model.collection);
        for (let at = 0; at < count; at += BATCH) {
          const batch = Array.from({ length: Math.min(BATCH, count - at) }, (_, index) => make(at + index));
          await collection.insertMany(batch, { ordered: false });
        }
      }
    });
    await table(`MongoDB at MONGODB_TEST_URI, ${IN_MONGO} records`, store, IN_MONGO, connection);
  } finally {
    await connection.dropDatabase();
    await connection.close();
    await store.close();
  }
}

async function benchEmbedded(population: LiveStats): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'passerby-bench-'));
  const open = () => EmbeddedStore.open({ folder, clock: systemClock, log });
  let store = await open();
  try {
    await filled('embedded', EMBEDDED, async () => {
      for (const [model, count, make] of kinds(population, EMBEDDED)) {
        const collection = store.collection(model as Model<Identified>);
        for (let at = 0; at < count; at += BATCH)
          await Promise.all(
            Array.from({ length: Math.min(BATCH, count - at) }, (_, index) =>
              collection.insert(make(at + index)),
            ),
          );
      }
    });
    await table(`embedded, ${EMBEDDED} records`, store, EMBEDDED);
    await store.close();
    const begun = performance.now();
    store = await open();
    const heap = Math.round(process.memoryUsage().rss / 1e6);
    print(`opened again in ${((performance.now() - begun) / 1000).toFixed(1)} s; the process has ${heap} MB`);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  // Timers of the stores never keep a process alive.
  const alive = setInterval(() => undefined, 60_000);
  const population = await LiveStats.prepare();
  await underHeader(HEADER, async () => {
    const uri = process.env['MONGODB_TEST_URI'];
    if (uri) await benchMongo(uri, population);
    else print('MongoDB is left out: MONGODB_TEST_URI names no server.');
    await benchEmbedded(population);
  });
  clearInterval(alive);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
