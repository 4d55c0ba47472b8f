interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Many small requests in few calls. One call is out at a time, and the next one takes all requests made meanwhile. So no
 * request waits under low load, and calls grow with the load. When a call fails, every request in it fails.
 */
export class GroupCommit<Item, Answer> {
  private waiting: Waiting<Item, Answer>[] = [];
  private calling = false;

  /**
   * @param send returns one answer for each item, in their order
   * @param most items in one call
   */
  constructor(
    private readonly send: (items: readonly Item[]) => Promise<readonly Answer[]>,
    private readonly most: number,
  ) {}

  ask(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.calling) return;
      this.calling = true;
      // Requests of the same turn go into the same call.
      queueMicrotask(() => void this.call());
    });
  }

  private async call(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, this.most);
      this.waiting = this.waiting.slice(this.most);
      try {
        const answers = await this.send(batch.map(({ item }) => item));
        batch.forEach(({ resolve, reject }, index) => {
          const answer = answers[index];
          if (answer === undefined) reject(new Error('a request was left without an answer'));
          else resolve(answer);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.calling = false;
  }
}
