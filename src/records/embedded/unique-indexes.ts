import { toDatedJson } from '../files/dated-json';
import { indexesOf, type DeclaredIndex } from '../store/indexes';
import { isPlainObject, valueAt } from '../store/language';
import type { AnyModel, Identified } from '../store/record-store';

interface UniqueIndex extends DeclaredIndex {
  /** The id of the record that has a key. */
  readonly holders: Map<string, string>;
}

/**
 * The unique indexes of one collection, including compound and partial ones, which nedb does not have. As in MongoDB a
 * missing field counts as null. The condition of a partial index may only be equality of fields with values.
 */
export class UniqueIndexes {
  private readonly indexes: readonly UniqueIndex[];

  constructor(model: AnyModel) {
    this.indexes = indexesOf(model)
      .filter(({ unique }) => unique)
      .map((index) => {
        if (Object.values(index.partial ?? {}).some(isPlainObject))
          throw new Error(`${model.collection}: the embedded store has partial indexes on equality alone`);
        return { ...index, holders: new Map() };
      });
  }

  /** Ids of other records that have the same unique key. */
  inTheWayOf(record: Identified): string[] {
    return this.indexes.flatMap((index) => {
      const key = keyOf(index, record);
      const holder = key === undefined ? undefined : index.holders.get(key);
      return holder === undefined || holder === record._id ? [] : [holder];
    });
  }

  add(record: Identified): void {
    for (const index of this.indexes) {
      const key = keyOf(index, record);
      if (key !== undefined) index.holders.set(key, record._id);
    }
  }

  remove(record: Identified): void {
    for (const index of this.indexes) {
      const key = keyOf(index, record);
      if (key !== undefined && index.holders.get(key) === record._id) index.holders.delete(key);
    }
  }
}

/** The record's key in an index; undefined where the index leaves it out. */
function keyOf({ fields, partial }: DeclaredIndex, record: Identified): string | undefined {
  const isLeftOut = Object.entries(partial ?? {}).some(([path, value]) => valueAt(record, path) !== value);
  if (isLeftOut) return undefined;
  return toDatedJson(fields.map((field) => valueAt(record, field) ?? null));
}
