import type { Ticket } from '../../src/domain/pairing';
import type { AgeBand } from '../../src/protocol';

/**
 * The hard rules once more, written plainly from the specification alone, so that tests do not compare the product with
 * itself.
 */
export function forbidden(a: Ticket, b: Ticket): string | null {
  return oneWay(a, b) ?? oneWay(b, a);
}

function oneWay(me: Ticket, you: Ticket): string | null {
  if (me.id === you.id || me.peerId === you.peerId) return 'oneself';
  if (me.mode !== you.mode) return 'mode';
  if (me.region !== you.region) return 'region';
  if (me.trustPool !== you.trustPool) return 'trust pool';
  if (me.groupSize !== undefined && me.groupSize !== 2) return 'group size';
  if (me.ageBand === '13-17' && you.ageBand !== '13-17') return 'a minor with someone else';
  const ages = new Set<AgeBand | null>(me.wantedAgeBands);
  if (ages.size > 0 && !ages.has(you.ageBand)) return 'age not wanted';
  if (me.wantedGenders.length > 0 && !me.wantedGenders.some((gender) => gender === you.gender))
    return 'gender';
  if (me.avoidCountries.some((country) => country === you.country)) return 'country avoided';
  if (me.blocked.some((peerId) => peerId === you.peerId)) return 'blocked';
  return null;
}

/** Partners of the last half hour, or among the last five, by either list. */
export function met(a: Ticket, b: Ticket, now: number): boolean {
  const says = (me: Ticket, you: Ticket) =>
    me.recent.slice(0, 5).some(({ peerId }) => peerId === you.peerId) ||
    me.recent.some(({ peerId, at }) => peerId === you.peerId && at > now - 1_800_000);
  return says(a, b) || says(b, a);
}

/** The pairs that could be in a call: compares every waiting ticket with every other one. */
export function permittedPairs(waiting: readonly Ticket[]): [Ticket, Ticket][] {
  const pairs: [Ticket, Ticket][] = [];
  waiting.forEach((a, index) => {
    for (const b of waiting.slice(index + 1)) if (forbidden(a, b) === null) pairs.push([a, b]);
  });
  return pairs;
}

const bands: readonly (AgeBand | null)[] = ['13-17', '18-24', '25-34', '35-49', '50+'];

/** The score by the table of the specification. */
export function expectedScore(a: Ticket, b: Ticket, now: number): number {
  const common = a.interests.filter((interest) => b.interests.includes(interest)).length;
  const smaller = Math.min(a.interests.length, b.interests.length);
  let points = 0;
  if (common > 0) points += 20 + Math.round((30 * common) / smaller);
  else if (a.interests.length + b.interests.length === 0) points += 25;
  if (a.country === null || b.country === null) points += 8;
  else if (a.country === b.country) points += 20;
  if (a.ageBand === null || b.ageBand === null) points += 8;
  else points += [20, 12, 5, 0, 0][Math.abs(bands.indexOf(a.ageBand) - bands.indexOf(b.ageBand))] ?? 0;
  const tensOfSeconds = Math.floor(Math.max(now - a.since, now - b.since, 0) / 10_000);
  return (
    points + Math.min(6, tensOfSeconds) + Math.max(...[a, b].map(({ priority }) => Math.round(priority * 4)))
  );
}

/** Whether the default steps let these two meet now, without regard to the hard rules and recent partners. */
export function circleOpen(a: Ticket, b: Ticket, now: number): boolean {
  const wait = Math.max(now - a.since, now - b.since);
  if (wait >= 30_000) return true;
  const speak =
    a.languages.length * b.languages.length === 0 || a.languages.some((l) => b.languages.includes(l));
  if (!speak) return false;
  if (wait >= 20_000) return true;
  const common = a.interests.some((interest) => b.interests.includes(interest));
  if (common || a.interests.length + b.interests.length === 0) return true;
  if (wait < 10_000) return false;
  const apart = Math.abs(bands.indexOf(a.ageBand) - bands.indexOf(b.ageBand));
  const ages = a.ageBand !== null && b.ageBand !== null && apart <= 1;
  return ages || (a.country !== null && a.country === b.country);
}
