/** Changes whenever the rules or what is confirmed about the age change, so that everybody is asked again. */
export const RULES_VERSION = '2026-11';

/** That the user of this device has agreed to the rules: to which version, and when. */
export interface RulesAgreement {
  readonly version: string;
  readonly agreedAt: Date;
}

/** The agreement to the present rules that this device remembers, or null where there is none. */
export function readAgreement(stored: string | null): RulesAgreement | null {
  let value: Partial<Record<keyof RulesAgreement, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) value = parsed;
  } catch {
    return null;
  }
  if (value.version !== RULES_VERSION || typeof value.agreedAt !== 'string') return null;
  const agreedAt = new Date(value.agreedAt);
  return Number.isNaN(agreedAt.getTime()) ? null : { version: RULES_VERSION, agreedAt };
}

export const agreementAt = (agreedAt: Date): RulesAgreement => ({ version: RULES_VERSION, agreedAt });
