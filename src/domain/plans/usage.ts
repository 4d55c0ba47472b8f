import type { Plan } from '../../protocol';
import { dayOf } from '../days';

/** Milliseconds of calls in the named UTC day and month. */
export interface Usage {
  /** `YYYY-MM-DD` */
  readonly day: string;
  readonly dayMs: number;
  /** `YYYY-MM` */
  readonly month: string;
  readonly monthMs: number;
  readonly totalMs: number;
}

export const NO_USAGE: Usage = { day: '', dayMs: 0, month: '', monthMs: 0, totalMs: 0 };

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The day that a usage is in. A clock that was set back over midnight does not begin the day before anew. */
function dayFor({ day }: Usage, now: number): string {
  return day === dayOf(now + DAY_MS) ? day : dayOf(now);
}

/** The same usage as of now: a new day or month begins with nothing used. */
export function usageAt(usage: Usage, now: number): Usage {
  const day = dayFor(usage, now);
  const month = day.slice(0, 7);
  return {
    day,
    dayMs: usage.day === day ? usage.dayMs : 0,
    month,
    monthMs: usage.month === month ? usage.monthMs : 0,
    totalMs: usage.totalMs,
  };
}

/** The usage with `ms` more of a call, which count for the day and month in which they end. */
export function usageAfter(usage: Usage, ms: number, now: number): Usage {
  const current = usageAt(usage, now);
  return {
    ...current,
    dayMs: current.dayMs + ms,
    monthMs: current.monthMs + ms,
    totalMs: current.totalMs + ms,
  };
}

/** What is left of a plan, or null where it has no limit. Never negative. */
export function leftMs(
  plan: Pick<Plan, 'dailyMinutes' | 'monthlyMinutes'>,
  usage: Usage,
  now: number,
): number | null {
  const { dayMs, monthMs } = usageAt(usage, now);
  const lefts = [
    ...(plan.dailyMinutes === null ? [] : [plan.dailyMinutes * MINUTE_MS - dayMs]),
    ...(plan.monthlyMinutes === null ? [] : [plan.monthlyMinutes * MINUTE_MS - monthMs]),
  ];
  return lefts.length === 0 ? null : Math.max(0, Math.min(...lefts));
}

/** When a used-up plan has minutes again: the next UTC day, or the next month if the month is used up too. */
export function renewsAt(
  plan: Pick<Plan, 'dailyMinutes' | 'monthlyMinutes'>,
  usage: Usage,
  now: number,
): number | null {
  if (leftMs(plan, usage, now) !== 0) return null;
  const date = new Date(dayFor(usage, now));
  const month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
  const { monthMs } = usageAt(usage, now);
  const monthIsUsed = plan.monthlyMinutes !== null && monthMs >= plan.monthlyMinutes * MINUTE_MS;
  return monthIsUsed ? month : day;
}
