import { z } from 'zod';

/**
 * A number in decimal digits. JavaScript would also take `0x10`, a blank or `1e3`, which nobody writes on purpose, and
 * would not say what is wrong with `60s`.
 */
export const number = z.string().transform((text, context): number => {
  const written = text.trim();
  if (/^[+-]?\d+(?:\.\d+)?$/.test(written)) return Number(written);
  const withUnit = /^[+-]?\d+(?:\.\d+)?\s*[a-z%]+$/i.test(written);
  context.addIssue({
    code: 'custom',
    message: withUnit ? 'has to be a number without a unit' : 'has to be a number',
  });
  return z.NEVER;
});

export const wholeNumber = (least: number, most?: number) =>
  number.pipe(most === undefined ? z.number().int().min(least) : z.number().int().min(least).max(most));

/** A TCP or UDP port; 0 stands for any free one. */
export const port = wholeNumber(0, 65535);

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

export const ipAddress = z.union(
  [z.ipv4(), z.ipv6()],
  'has to be an IP address alone, without a port, brackets or a scheme',
);

const HOST_NAME =
  /^(?=.{1,253}\.?$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.?$/i;
/** Digits and dots alone are meant as an IPv4 address, and this is none. */
const isHostName = (text: string): boolean => HOST_NAME.test(text) && !/^[\d.]+$/.test(text);

/** The name or the IP address of a machine, and nothing else. */
export const host = z
  .string()
  .refine(
    (text) => ipAddress.safeParse(text).success || isHostName(text),
    'has to be an IP address or a host name alone, without http:// and without a port',
  );

/** A web address; `error` says what it has to be. */
export const httpUrl = (error: string) =>
  z
    .url({ protocol: /^https?$/, error, abort: true })
    .refine((text) => isWebHost(new URL(text)), { error, abort: true })
    .refine((text) => new URL(text).port !== '0', 'names port 0, on which nothing can be reached');

/** The parser of URLs takes nearly anything as a host, for example `*.example.org`. */
const isWebHost = ({ hostname }: URL): boolean => /^\[.+\]$/.test(hostname) || HOST_NAME.test(hostname);

/** What programs, shells and headers all carry unchanged. */
const CARRIED = /^[\x21-\x7e]*$/;
const CARRIED_ALONE = 'may hold only letters, figures and signs of ASCII, without spaces';

/** A text that goes into a header or a signature. */
export const secret = (least: number) =>
  z.string().min(least, `needs at least ${least} characters`).regex(CARRIED, CARRIED_ALONE);

/** A key whose beginning says what it is for. `what`: the keys that are meant, for the message. */
export const keyOf = (beginnings: readonly string[], what: string) =>
  z
    .string()
    .min(8, { abort: true })
    .regex(CARRIED, { error: CARRIED_ALONE, abort: true })
    .refine(
      (text) => beginnings.some((beginning) => text.startsWith(beginning)),
      `has to begin with ${beginnings.join(' or ')}: ${what}`,
    );
