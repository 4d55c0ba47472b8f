import {
  brokenRule,
  circleOf,
  HARD_RULES,
  liesWithin,
  shardName,
  shardOf,
  type Ticket,
} from '../../src/domain/pairing';
import { CIRCLES } from '../../src/protocol';
import { quantile } from '../support/quantile';

const PAIRS = 50_000;
/** How many of the most frequent values are named. */
const NAMED = 4;

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

function counts(values: readonly string[]): [string, number][] {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].sort(([, one], [, other]) => other - one);
}

/** `male 62 %, female 22 %, … of 4`. */
function shares(values: readonly string[]): string {
  const all = counts(values);
  const named = all.slice(0, NAMED).map(([value, count]) => `${value} ${percent(count / values.length)}`);
  return `${named.join(', ')}${all.length > NAMED ? `, … of ${all.length}` : ''}`;
}

/** How many values lists hold, and how the most frequent ones are spread over the people. */
function lists(of: readonly (readonly string[])[]): string {
  const lengths = of.map(({ length }) => length);
  const all = counts(of.flat());
  const [top, tenth] = [all[0]?.[1] ?? 0, all[9]?.[1] ?? 0];
  const once = all.filter(([, count]) => count === 1).length;
  return `${percent(lengths.filter((length) => length === 0).length / of.length)} name none, p50 ${quantile(lengths, 0.5)}, p90 ${quantile(lengths, 0.9)}, max ${Math.max(...lengths)}; ${all.length} different ones, the first with ${percent(top / of.length)} of people, the tenth ${percent(tenth / of.length)}, ${once} with one person only`;
}

/** What share of pairs of one shard, drawn at random, may meet, and why the others may not. */
function whoMayMeet(people: readonly Ticket[], below: (limit: number) => number): string[] {
  const shards = new Map<string, Ticket[]>();
  for (const ticket of people) {
    const name = shardName(shardOf(ticket));
    const shard = shards.get(name);
    if (shard === undefined) shards.set(name, [ticket]);
    else shard.push(ticket);
  }
  const broken: string[] = [];
  const circles = new Map<string, number>();
  let allowed = 0;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const one = people[below(people.length)];
    const shard = one === undefined ? [] : (shards.get(shardName(shardOf(one))) ?? []);
    const other = shard[below(shard.length)];
    if (one === undefined || other === undefined || one === other) continue;
    const rule = brokenRule(one, other);
    if (rule !== null) {
      broken.push(rule);
      continue;
    }
    allowed += 1;
    const circle = circleOf(one, other);
    for (const wider of CIRCLES)
      if (liesWithin(circle, wider)) circles.set(wider, (circles.get(wider) ?? 0) + 1);
  }
  const drawn = allowed + broken.length;
  const byRule = HARD_RULES.flatMap((rule) => {
    const count = broken.filter((name) => name === rule).length;
    return count === 0 ? [] : [`${rule} ${percent(count / drawn)}`];
  });
  const within = CIRCLES.map((circle) => `${circle} ${percent((circles.get(circle) ?? 0) / drawn)}`);
  return [
    `could meet: ${percent(allowed / drawn)} of pairs within a shard; forbidden by ${byRule.join(', ')}`,
    `could meet within the circle: ${within.join(', ')}`,
  ];
}

/** What these people are like, in lines. */
export function varietyOf(people: readonly Ticket[], below: (limit: number) => number): string[] {
  const of = (read: (ticket: Ticket) => string): string => shares(people.map(read));
  const blocks = people.map(({ blocked }) => blocked.length);
  const blocking = blocks.filter((count) => count > 0).length;
  return [
    `modes: ${of(({ mode }) => mode)}`,
    `genders: ${of(({ gender }) => gender ?? 'unsaid')}`,
    `genders wanted: ${of(({ wantedGenders }) => wantedGenders.join('+') || 'anyone')}`,
    `ages: ${of(({ ageBand }) => ageBand ?? 'unsaid')}; ages wanted: ${of(({ wantedAgeBands }) => wantedAgeBands.join('+') || 'any')}`,
    `countries: ${of(({ country }) => country ?? 'unsaid')}; avoiding some: ${percent(people.filter(({ avoidCountries }) => avoidCountries.length > 0).length / people.length)}`,
    `languages: ${lists(people.map(({ languages }) => languages))}`,
    `interests: ${lists(people.map(({ interests }) => interests))}`,
    `blocks: ${percent(blocking / people.length)} have blocked somebody, p99 ${quantile(blocks, 0.99)}, max ${Math.max(...blocks)}`,
    ...whoMayMeet(people, below),
  ];
}
