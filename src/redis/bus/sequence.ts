/** Senders that are remembered: one for each life of a node. */
const MOST_SENDERS = 1_000;

/** Which number was heard last of each sender, so that a text which was overtaken is not heard after all. */
export class Sequence {
  private readonly last = new Map<string, number>();

  constructor(private readonly most = MOST_SENDERS) {}

  /** Whether this one comes after everything heard of its sender. */
  follows(sender: string, number: number): boolean {
    const before = this.last.get(sender) ?? 0;
    if (number <= before) return false;
    // Whoever has been silent for longest stands first, and is the first to be forgotten.
    this.last.delete(sender);
    this.last.set(sender, number);
    const [oldest] = this.last.keys();
    if (this.last.size > this.most && oldest !== undefined) this.last.delete(oldest);
    return true;
  }
}
