import {
  Error as MongooseError,
  Mongoose,
  Query,
  type HydratedDocument,
  type Model as MongooseModel,
} from 'mongoose';
import {
  copyOfFilter,
  elementsOf,
  invalidPathsOfFilter,
  invalidPathsOfUpdate,
  isOperators,
  isPlainObject,
  stepsOf,
  valueAt,
  type Step,
} from './language';
import { plainCopy, UnkeepableValue } from './plain';
import { InvalidRecord, type AnyModel, type Filter, type Identified, type Update } from './record-store';
import { recordOfUpsert } from './upsert';

type Fields = Record<string, unknown>;
type MutableUpdate = { -readonly [operator in keyof Update]: Fields };

/** Values of a record as such, without what mongoose can add. */
const AS_STORED = { getters: false, virtuals: false, minimize: false, versionKey: false } as const;

/**
 * Checks writes and filters against a model's schema, and casts them. This is the only place that does so, so that both
 * stores accept and reject the same. An update is checked operator by operator, not by its result (a sum may pass a
 * maximum), because only one of the stores could check the result.
 *
 * Everything here throws `InvalidRecord`.
 */
export class CheckedModel<R extends Identified> {
  private readonly documents: MongooseModel<Fields>;

  constructor(readonly model: AnyModel) {
    // A separate instance, never connected: mongoose's shared one would keep models for the life of the process.
    const mongoose = new Mongoose({ autoCreate: false, autoIndex: false, bufferCommands: false });
    this.documents = mongoose.model<Fields>(model.name, model.schema as never, model.collection);
  }

  /** A whole record, with defaults. */
  async record(fields: Fields): Promise<R & Fields> {
    return this.guarded(['_id'], async () => {
      const document = new this.documents(fields);
      await document.validate();
      // The schema has checked that this is an R.
      return plainCopy(document.toObject(AS_STORED)) as R & Fields;
    });
  }

  filter(filter: Filter): Filter {
    const invalidPaths = invalidPathsOfFilter(filter);
    if (invalidPaths.length > 0) throw new InvalidRecord(this.model.collection, invalidPaths);
    try {
      const query = new Query<unknown, unknown>().setOptions({ strictQuery: 'throw' });
      return query.cast(this.documents, copyOfFilter(filter)) as Filter;
    } catch (error) {
      throw this.invalid(error, Object.keys(filter));
    }
  }

  async update(update: Update): Promise<Update> {
    const steps = stepsOf(update);
    const invalidPaths = invalidPathsOfUpdate(update, steps);
    if (invalidPaths.length > 0) throw new InvalidRecord(this.model.collection, invalidPaths);
    const paths = steps.map(({ path }) => path);
    return this.guarded(paths, async () => {
      const document = new this.documents();
      const set = steps.filter((step) => this.isSetOn(document, step));
      await document.validate(set.map(({ path }) => path));
      const values = document.toObject(AS_STORED);
      const checked: MutableUpdate = {};
      for (const step of steps) {
        const value = set.includes(step)
          ? this.setValue(step, valueAt(values, step.path))
          : this.otherValue(step);
        (checked[step.operator] ??= {})[step.path] = value;
      }
      return checked as Update;
    });
  }

  /** The record an upsert makes when none fits its (checked) filter. The filter or update has to give the id. */
  async upserted(filter: Filter, update: Update): Promise<R & Fields> {
    return this.record(recordOfUpsert(filter, stepsOf(update)));
  }

  /** Lets mongoose cast what this step sets; false for steps that set nothing. */
  private isSetOn(document: HydratedDocument<Fields>, { operator, path, value }: Step): boolean {
    switch (operator) {
      case '$set':
      case '$setOnInsert':
      case '$min':
      case '$max':
        document.set(path, value);
        return true;
      case '$push':
      case '$addToSet':
        this.checkModifiers(operator, path, value);
        document.set(path, elementsOf(value));
        return true;
      case '$inc':
      case '$unset':
      case '$pull':
        return false;
    }
  }

  private setValue({ operator, value }: Step, cast: unknown): unknown {
    const kept = plainCopy(cast);
    if (operator !== '$push' && operator !== '$addToSet') return kept;
    const slice = isPlainObject(value) && '$slice' in value ? { $slice: value['$slice'] } : {};
    return { $each: kept, ...slice };
  }

  private otherValue({ operator, path, value }: Step): unknown {
    if (operator === '$pull') return this.pulled(path, value);
    const type = this.documents.schema.path(path);
    const isSum = operator === '$inc' && type?.instance === 'Number' && Number.isFinite(value);
    const isRemoval = operator === '$unset' && type !== undefined && !this.isRequired(path);
    if (!isSum && !isRemoval) throw new InvalidRecord(this.model.collection, [path]);
    return value;
  }

  /** What a `$pull` takes out is described like a filter: of elements, or of their fields. */
  private pulled(path: string, value: unknown): unknown {
    const isOfFields = isPlainObject(value) && !isOperators(value);
    const cast = this.filter({ [path]: isOfFields ? { $elemMatch: value } : value })[path];
    return isOfFields && isPlainObject(cast) ? cast['$elemMatch'] : cast;
  }

  private checkModifiers(operator: '$push' | '$addToSet', path: string, value: unknown): void {
    if (!isOperators(value)) return;
    const allowed = operator === '$push' ? ['$each', '$slice'] : ['$each'];
    const slice = value['$slice'] ?? 0;
    const fits = Object.keys(value).every((key) => allowed.includes(key)) && Array.isArray(value['$each']);
    if (!fits || !Number.isInteger(slice)) throw new InvalidRecord(this.model.collection, [path]);
  }

  private isRequired(path: string): boolean {
    return this.documents.schema.requiredPaths().includes(path);
  }

  private async guarded<T>(paths: readonly string[], task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw this.invalid(error, paths);
    }
  }

  private invalid(error: unknown, paths: readonly string[]): unknown {
    const { collection } = this.model;
    if (error instanceof MongooseError.ValidationError)
      return new InvalidRecord(collection, Object.keys(error.errors));
    if (error instanceof MongooseError.CastError || error instanceof MongooseError.StrictModeError)
      return new InvalidRecord(collection, [error.path]);
    if (error instanceof UnkeepableValue) return new InvalidRecord(collection, [error.path]);
    // Mongoose has errors for things such as a number where an array should be that have no class of their own.
    if (error instanceof MongooseError) return new InvalidRecord(collection, paths);
    return error;
  }
}
