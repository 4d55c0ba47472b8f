/** Something that is measured in rounds, beside others. */
export interface Alternating {
  readonly name: string;
  /** One round; `round` counts from 0. */
  round(round: number): Promise<void>;
}

/**
 * Runs one round of each, then the next round of each, so that whatever else the machine does falls on all of them
 * alike. Every other time the order is reversed, so that none always follows the same neighbour.
 */
export async function alternate(ways: readonly Alternating[], rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const way of round % 2 === 0 ? ways : [...ways].reverse()) {
      try {
        await way.round(round);
      } catch (error) {
        throw new Error(`${way.name}, round ${round}: ${String(error)}`, { cause: error });
      }
    }
  }
}
