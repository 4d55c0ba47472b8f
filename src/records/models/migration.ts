import { Schema } from 'mongoose';
import type { Model } from '../store/record-store';
import { date, id, strict } from './shared';

/** A migration that was carried out. */
export interface MigrationRecord {
  readonly _id: string;
  readonly version: number;
  readonly name: string;
  readonly appliedAt: Date;
  readonly changed: number;
}

const schema = new Schema<MigrationRecord>(
  {
    _id: id,
    version: { type: Number, required: true },
    name: id,
    appliedAt: date,
    changed: { type: Number, required: true },
  },
  strict,
);
schema.index({ version: 1 }, { unique: true });

export const migrationModel: Model<MigrationRecord> = { name: 'Migration', collection: 'migrations', schema };
