/** How many senders are remembered. Each incarnation of a node is a sender of its own. */
const MOST_SENDERS = 1_000;

/** The last number received from each sender, so that a message which was overtaken is dropped. */
export class Sequence {
  private readonly last = new Map<string, number>();

  constructor(private readonly most = MOST_SENDERS) {}

  /** Whether this message comes after everything received from its sender. */
  follows(sender: string, number: number): boolean {
    const before = this.last.get(sender) ?? 0;
    if (number <= before) return false;
    // The sender that has been silent for longest comes first and is forgotten first.
    this.last.delete(sender);
    this.last.set(sender, number);
    const [oldest] = this.last.keys();
    if (this.last.size > this.most && oldest !== undefined) this.last.delete(oldest);
    return true;
  }
}
