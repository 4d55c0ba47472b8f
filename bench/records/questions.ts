import { callModel, reportModel, subscriptionModel, userModel } from '../../src/records/models';
import { Lifetimes } from '../../src/records/mongo/lifetimes';
import type { AnyModel, Filter, RecordStore } from '../../src/records/store/record-store';

/** One thing that is asked of the records all the time. */
export interface Question {
  readonly name: string;
  /** What the p99 should stay below, in ms; undefined where no figure is set. */
  readonly mostMs?: number;
  readonly model: AnyModel;
  readonly filter: (at: number) => Filter;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  readonly ask: (store: RecordStore, at: number) => Promise<unknown>;
}

const byId = (kind: string) => (at: number) => ({ _id: `${kind}${at}` });
const email = (at: number) => ({ emailKey: `${at}@example.com`, isAnonymous: false });
const QUEUE = { priority: -1, createdAt: -1 } as const;

export const QUESTIONS: readonly Question[] = [
  {
    name: 'session update',
    mostMs: 10,
    model: callModel,
    filter: byId('call'),
    ask: (store, at) =>
      store.collection(callModel).update(byId('call')(at), {
        $set: { updatedAt: new Date(), duration: at },
        $push: { issues: { $each: [{ at: new Date(), code: 'slow', userId: null }], $slice: -20 } },
      }),
  },
  {
    name: 'plan check',
    mostMs: 5,
    model: subscriptionModel,
    filter: byId('user'),
    // A subscription has the id of the person it belongs to.
    ask: (store, at) => store.collection(subscriptionModel).get(`user${at}`),
  },
  {
    name: "subscription by the provider's id",
    model: subscriptionModel,
    filter: (at) => ({ providerSubscriptionId: `sub_${at}` }),
    ask: (store, at) => store.collection(subscriptionModel).findOne({ providerSubscriptionId: `sub_${at}` }),
  },
  {
    name: 'user by id',
    model: userModel,
    filter: byId('user'),
    ask: (store, at) => store.collection(userModel).get(`user${at}`),
  },
  {
    name: 'user by e-mail address',
    model: userModel,
    filter: email,
    ask: (store, at) => store.collection(userModel).findOne(email(at)),
  },
  {
    name: "page of 50 of the reports' queue",
    mostMs: 25,
    model: reportModel,
    filter: () => ({ status: 'pending' }),
    sort: QUEUE,
    ask: (store, at) =>
      store
        .collection(reportModel)
        .find({ status: 'pending' }, { sort: QUEUE, skip: (at % 5) * 50, limit: 50 }),
  },
];

/** The filter as the MongoDB store sends it. */
export const sentFilter = ({ model, filter }: Question, at: number): Filter =>
  new Lifetimes(model).current(filter(at), Date.now());
