import type { REPORT_TYPES } from '../../protocol';

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A severity's place in the queue: a number, so that an index has it in order. */
export const PRIORITIES = { low: 1, medium: 2, high: 3, critical: 4 } as const satisfies Record<
  Severity,
  number
>;

/** How bad a report is if it is true. Danger to a child or to life comes before everything else. */
const SEVERITY_OF: Record<(typeof REPORT_TYPES)[number], Severity> = {
  underage: 'critical',
  violence: 'critical',
  nudity: 'high',
  harassment: 'high',
  hate_speech: 'high',
  inappropriate_content: 'medium',
  scam: 'medium',
  impersonation: 'medium',
  spam: 'low',
  other: 'low',
};

export const severityOf = (type: (typeof REPORT_TYPES)[number]): Severity => SEVERITY_OF[type];
