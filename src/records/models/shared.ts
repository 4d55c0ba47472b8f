import type { Schema } from 'mongoose';

/** Ids are strings of our own making, so that both stores have the same. */
export const id = { type: String, required: true } as const;
export const text = (maxlength: number) => ({ type: String, default: '', maxlength }) as const;
export const date = { type: Date, required: true } as const;
export const dateOrNull = { type: Date, default: null } as const;
export const stringOrNull = { type: String, default: null } as const;
export const count = { type: Number, default: 0, min: 0 } as const;

/**
 * Settings all schemas share: unknown fields are an error rather than dropped in silence, and times of creation and
 * change are written by the repositories, which know the clock.
 */
export const strict = { strict: 'throw', versionKey: false, minimize: false, autoIndex: false } as const;
/** The same for a part of a record. */
export const part = { ...strict, _id: false } as const;

/** Records that end by themselves carry the time at which they do; null: never. */
export const expires = <T>(schema: Schema<T>): void => {
  schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
};

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
