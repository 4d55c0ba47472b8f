/** Guest names are an adjective, a noun and four digits: CoolPanda1234. Friendly words only, none about people. */
const ADJECTIVES = [
  'Amber', 'Brave', 'Bright', 'Calm', 'Clever', 'Cool', 'Curious', 'Eager', 'Early', 'Gentle', 'Glad', 'Golden',
  'Happy', 'Honest', 'Jolly', 'Keen', 'Kind', 'Light', 'Lively', 'Lucky', 'Mellow', 'Merry', 'Misty', 'Neat',
  'Nimble', 'Patient', 'Quick', 'Quiet', 'Rapid', 'Silver', 'Snowy', 'Soft', 'Sunny', 'Swift', 'Tidy', 'Warm',
  'Wise', 'Witty',
] as const; // prettier-ignore
const NOUNS = [
  'Badger', 'Beaver', 'Bison', 'Cedar', 'Comet', 'Crane', 'Dolphin', 'Falcon', 'Finch', 'Fox', 'Gecko', 'Harbor',
  'Heron', 'Ibis', 'Juniper', 'Koala', 'Lark', 'Lemur', 'Lynx', 'Maple', 'Marten', 'Meadow', 'Otter', 'Owl',
  'Panda', 'Pebble', 'Penguin', 'Puffin', 'Raven', 'River', 'Robin', 'Seal', 'Sparrow', 'Stork', 'Tapir', 'Willow',
  'Wren', 'Yak',
] as const; // prettier-ignore

/** `random` gives numbers in [0, 1). */
export function guestName(random: () => number): string {
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] ?? 'Calm';
  const digits = String(Math.floor(random() * 10_000)).padStart(4, '0');
  return `${pick(ADJECTIVES)}${pick(NOUNS)}${digits}`;
}
