import { z } from 'zod';

/** A TCP or UDP port; 0 stands for any free one. */
export const port = z.coerce.number().int().min(0).max(65535);

/** Items separated by commas; empty ones are left out. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** A JSON text whose content the given schema takes. */
export const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

export const ipAddress = z.union([z.ipv4(), z.ipv6()]);

export const httpUrl = (error: string) => z.url({ protocol: /^https?$/, error });
