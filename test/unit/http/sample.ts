import { z } from 'zod';

/** The parts of JSON Schema that zod writes for replies. */
const schemaOf: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), schemaOf).optional(),
    propertyNames: schemaOf.optional(),
    additionalProperties: z.unknown().optional(),
    items: schemaOf.optional(),
    anyOf: z.array(schemaOf).optional(),
    enum: z.array(z.string()).optional(),
    const: z.unknown().optional(),
    format: z.string().optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
  }),
);
interface Schema {
  readonly type?: string | readonly string[] | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly propertyNames?: Schema | undefined;
  readonly additionalProperties?: unknown;
  readonly items?: Schema | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly const?: unknown;
  readonly format?: string | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
}

/** A value that a schema takes, in each of whose objects stands `extra` besides: as much of every kind as there can be. */
export function sampleOf(schema: z.ZodType, extra: Readonly<Record<string, unknown>>): unknown {
  const json = schemaOf.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return valueOf(json, extra);
}

function valueOf(schema: Schema, extra: Readonly<Record<string, unknown>>): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined) {
    const [first] = schema.anyOf.filter(({ type }) => type !== 'null');
    return first === undefined ? null : valueOf(first, extra);
  }
  const type = [schema.type].flat().find((name) => name !== 'null');
  switch (type) {
    case 'object':
      return objectOf(schema, extra);
    case 'array':
      return schema.items === undefined ? [] : [valueOf(schema.items, extra)];
    case 'string':
      return stringOf(schema);
    case 'integer':
    case 'number':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      throw new Error(`there is no sample for ${JSON.stringify(schema)}`);
  }
}

function objectOf({ properties, propertyNames }: Schema, extra: Readonly<Record<string, unknown>>): unknown {
  // A record has no other names than its own.
  if (propertyNames !== undefined)
    return Object.fromEntries((propertyNames.enum ?? []).map((name) => [name, 1]));
  const entries = Object.entries(properties ?? {}).map(([name, schema]) => [name, valueOf(schema, extra)]);
  return { ...Object.fromEntries(entries), ...extra };
}

const STRINGS = ['de', 'DE', 'eur', 'chess', '2000-01-31', 'https://example.org/', 'a@example.org'];

function stringOf({ format, pattern }: Schema): string {
  if (format === 'uri') return 'https://example.org/';
  const found = STRINGS.find((text) => pattern === undefined || new RegExp(pattern, 'u').test(text));
  if (found === undefined) throw new Error(`no sample matches ${pattern}`);
  return found;
}
