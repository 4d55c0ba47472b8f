import { RULES_VERSION, agreementAt, readAgreement } from '../../../client/src/chat/rules/agreement';

const AT = new Date('2026-11-26T20:00:00Z');
const stored = (change: Record<string, unknown> = {}): string =>
  JSON.stringify({ version: RULES_VERSION, agreedAt: AT.toISOString(), ...change });

describe('C2 the agreement that a device remembers', () => {
  it('C2 is read as it was written, with its version and its date', () => {
    expect(readAgreement(JSON.stringify(agreementAt(AT)))).toEqual({ version: RULES_VERSION, agreedAt: AT });
  });

  it('C2 does not hold for other rules', () => {
    expect(readAgreement(stored({ version: '2025-01' }))).toBeNull();
  });

  it.each([
    null,
    '',
    'true',
    '"yes"',
    '{}',
    '[1]',
    'null',
    stored({ agreedAt: 'soon' }),
    stored({ agreedAt: 7 }),
  ])('C2 is none where the stored text is %j', (text) => expect(readAgreement(text)).toBeNull());
});
