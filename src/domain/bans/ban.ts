import { z } from 'zod';
import { REPORT_TYPES } from '../../protocol';

/**
 * What a ban can hold for: a user (an account or a guest, by id), a device (a browser, by a cookie of its own), an address
 * as far as one household reaches, or the network around it. All but the user are keyed hashes.
 */
export const BAN_KINDS = ['user', 'device', 'address', 'subnet'] as const;
export type BanKind = (typeof BAN_KINDS)[number];

export const banSubjectSchema = z.object({ kind: z.enum(BAN_KINDS), mark: z.string().min(1).max(128) });
export type BanSubject = Readonly<z.infer<typeof banSubjectSchema>>;

/** The kinds that a ban of a user follows where nothing else is said: a new guest on the same device is the same user. */
export const FOLLOWS: readonly BanKind[] = ['device'];

/** A ban that follows its user gains no more than these. */
export const MOST_SUBJECTS = 64;

export const banSchema = z.object({
  id: z.string().min(1).max(64),
  subjects: z.array(banSubjectSchema).min(1).max(MOST_SUBJECTS).readonly(),
  /** Marks of a banned user that are banned as well, wherever the user shows up while the ban holds. */
  follows: z.array(z.enum(BAN_KINDS)).readonly(),
  reason: z.enum(REPORT_TYPES),
  /** The operator's own note; the banned user does not see it. */
  note: z.string().max(1000),
  /** `reports`: several independent reports hold the user back until an operator decides, or the time is over. */
  by: z.enum(['operator', 'reports']),
  createdAt: z.number(),
  /** ms since the epoch; null: for good. */
  endsAt: z.number().nullable(),
  liftedAt: z.number().nullable(),
});
export type Ban = Readonly<z.infer<typeof banSchema>>;

/** Everything by which somebody may be banned. */
export interface Marks {
  readonly users: readonly string[];
  readonly device?: string;
  /** The mark was made for this very request, and whoever drops the cookie shows up with another one each time. */
  readonly isNewDevice?: boolean;
  readonly address?: string;
  readonly subnet?: string;
}

export const holds = ({ endsAt, liftedAt }: Ban, now: number): boolean =>
  liftedAt === null && (endsAt === null || endsAt > now);

export const subjectsOf = ({ users, device, address, subnet }: Marks): BanSubject[] => [
  ...users.map((mark) => ({ kind: 'user' as const, mark })),
  ...(device === undefined ? [] : [{ kind: 'device' as const, mark: device }]),
  ...(address === undefined ? [] : [{ kind: 'address' as const, mark: address }]),
  ...(subnet === undefined ? [] : [{ kind: 'subnet' as const, mark: subnet }]),
];

/**
 * Marks of a user whom this ban names that the ban follows and does not have yet, as many as there is room for. A device
 * counts only once its browser has shown its cookie.
 */
export function furtherSubjects(ban: Ban, marks: Marks): BanSubject[] {
  const isNamed = ban.subjects.some(({ kind, mark }) => kind === 'user' && marks.users.includes(mark));
  if (!isNamed) return [];
  const further = subjectsOf(marks).filter(
    ({ kind, mark }) =>
      ban.follows.includes(kind) &&
      !(kind === 'device' && marks.isNewDevice === true) &&
      !ban.subjects.some((has) => has.kind === kind && has.mark === mark),
  );
  return further.slice(0, Math.max(0, MOST_SUBJECTS - ban.subjects.length));
}
