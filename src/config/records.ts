import { z } from 'zod';
import { defineFeature, optionalVariable, type ValuesOf } from './variable';

export const records = defineFeature('Records', {
  MONGODB_URI: optionalVariable({
    schema: z.url({ protocol: /^mongodb(\+srv)?$/, error: 'is no mongodb:// or mongodb+srv:// address' }),
    defaultInWords: 'none: records are kept in `DATA_DIR/records`',
    example: 'mongodb://10.0.0.6/passerby',
    description:
      'Address of the MongoDB database that keeps the records instead of `DATA_DIR/records`: `mongodb://` or `mongodb+srv://`.',
  }),
});

export interface RecordsConfig {
  readonly mongodbUri?: string;
}

export const recordsConfig = ({ MONGODB_URI }: ValuesOf<typeof records>): RecordsConfig =>
  MONGODB_URI === undefined ? {} : { mongodbUri: MONGODB_URI };
