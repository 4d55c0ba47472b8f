import { NONE, OWN, RingTable } from './ring-table';

const PARENT = OWN;
const KEY = OWN + 1;
const FIRST = OWN + 2;
const CHAIN = OWN + 3;

const LEAF = OWN;
const SLOT = OWN + 1;
const SIBLING = OWN + 2;

/** How far from either end of a list a place is looked for by waiting time. */
const PLACE_REACH = 64;

/**
 * The lists of the index: roots (a facet such as "interest: music"), below them branches (a class in a step),
 * below these leaves (a kind), which hold entries for tickets, longest wait first. Only what holds a ticket
 * exists. All links are numbers, so adding and taking out cost the same however many wait.
 *
 * The children of a node form a ring whose beginning moves on with every search that stops early: the next one
 * looks at others, so nobody is always behind those who are looked at first.
 */
export class Forest {
  private readonly nodes = new RingTable(4);
  private readonly entries = new RingTable(3);
  private buckets = new Int32Array(64).fill(NONE);

  /** `sinceOf` tells since when a ticket waits; `rootEmptied` hears of a root whose last ticket has gone. */
  constructor(
    private readonly sinceOf: (slot: number) => number,
    private readonly rootEmptied: (root: number) => void,
  ) {}

  addRoot(): number {
    const root = this.nodes.allocate();
    this.nodes.set(root, PARENT, NONE);
    this.nodes.set(root, KEY, NONE);
    this.nodes.set(root, FIRST, NONE);
    return root;
  }

  releaseRoot(root: number): void {
    this.nodes.release(root);
  }

  /** The first child of a root or branch, or the first entry of a leaf; NONE when there is none. */
  first(node: number): number {
    return this.nodes.get(node, FIRST);
  }

  nextNode(node: number): number {
    return this.nodes.next(node);
  }

  key(node: number): number {
    return this.nodes.get(node, KEY);
  }

  nextEntry(entry: number): number {
    return this.entries.next(entry);
  }

  slotOf(entry: number): number {
    return this.entries.get(entry, SLOT);
  }

  /** Lets the next search begin with this child. */
  beginWith(parent: number, child: number): void {
    this.nodes.set(parent, FIRST, child);
  }

  /**
   * Lists a ticket under root, branch and leaf. `sibling` is another entry of the same ticket; the answer is the
   * new one.
   */
  insert(root: number, branchKey: number, leafKey: number, slot: number, sibling: number): number {
    const entry = this.entries.allocate();
    this.entries.set(entry, SLOT, slot);
    this.entries.set(entry, SIBLING, sibling);
    this.place(entry, this.child(this.child(root, branchKey), leafKey));
    return entry;
  }

  /** Takes all of a ticket's entries out, from the one that `insert` answered with last. */
  removeAll(entry: number): void {
    while (entry !== NONE) {
      const sibling = this.entries.get(entry, SIBLING);
      this.detach(entry);
      this.entries.release(entry);
      entry = sibling;
    }
  }

  /** Moves all of a ticket's entries whose branch has the key `from` to the branch `to` of their root. */
  moveAll(entry: number, from: number, to: number): void {
    for (; entry !== NONE; entry = this.entries.get(entry, SIBLING)) {
      const leaf = this.entries.get(entry, LEAF);
      const branch = this.nodes.get(leaf, PARENT);
      if (this.key(branch) !== from) continue;
      const root = this.nodes.get(branch, PARENT);
      const leafKey = this.key(leaf);
      // The new place is made first, so that the root is never empty between the two.
      const target = this.child(this.child(root, to), leafKey);
      this.detach(entry);
      this.place(entry, target);
    }
  }

  private place(entry: number, leaf: number): void {
    this.entries.set(entry, LEAF, leaf);
    const first = this.first(leaf);
    if (first === NONE) {
      this.nodes.set(leaf, FIRST, entry);
      return;
    }
    const since = this.sinceOf(this.slotOf(entry));
    const next = this.firstAfter(first, since);
    this.entries.insertBefore(next, entry);
    if (next === first && since < this.sinceOf(this.slotOf(first))) this.nodes.set(leaf, FIRST, entry);
  }

  /**
   * The entry before which someone belongs who waits since then; `first` for the ends. People mostly arrive in
   * the order in which they wait. Someone put back who belongs far from both ends comes early rather than late:
   * no rule depends on the order, but who is looked at first.
   */
  private firstAfter(first: number, since: number): number {
    let next = first;
    for (let reach = 0; reach < PLACE_REACH; reach++) {
      const before = this.entries.prev(next);
      if (this.sinceOf(this.slotOf(before)) <= since) return next;
      next = before;
      if (next === first) return first;
    }
    next = first;
    for (let reach = 0; reach < PLACE_REACH && this.sinceOf(this.slotOf(next)) <= since; reach++) {
      next = this.entries.next(next);
    }
    return next;
  }

  private detach(entry: number): void {
    const leaf = this.entries.get(entry, LEAF);
    const first = this.entries.takeOut(this.first(leaf), entry);
    this.nodes.set(leaf, FIRST, first);
    if (first !== NONE) return;
    const branch = this.removeNode(leaf);
    if (this.first(branch) !== NONE) return;
    const root = this.removeNode(branch);
    if (this.first(root) === NONE) this.rootEmptied(root);
  }

  /** The child with this key, made when it is missing. */
  private child(parent: number, key: number): number {
    let bucket = this.bucketOf(parent, key);
    for (let node = this.buckets[bucket] ?? NONE; node !== NONE; node = this.nodes.get(node, CHAIN)) {
      if (this.nodes.get(node, PARENT) === parent && this.key(node) === key) return node;
    }
    const node = this.nodes.allocate();
    if (this.nodes.rows > this.buckets.length) {
      this.rehash();
      bucket = this.bucketOf(parent, key);
    }
    this.nodes.set(node, PARENT, parent);
    this.nodes.set(node, KEY, key);
    this.nodes.set(node, FIRST, NONE);
    this.nodes.set(node, CHAIN, this.buckets[bucket] ?? NONE);
    this.buckets[bucket] = node;
    this.nodes.set(parent, FIRST, this.nodes.append(this.first(parent), node));
    return node;
  }

  /** Takes an empty node out and answers with its parent. */
  private removeNode(node: number): number {
    const parent = this.nodes.get(node, PARENT);
    const bucket = this.bucketOf(parent, this.key(node));
    const chain = this.nodes.get(node, CHAIN);
    let before = this.buckets[bucket] ?? NONE;
    if (before === node) {
      this.buckets[bucket] = chain;
    } else {
      while (this.nodes.get(before, CHAIN) !== node) before = this.nodes.get(before, CHAIN);
      this.nodes.set(before, CHAIN, chain);
    }
    this.nodes.set(parent, FIRST, this.nodes.takeOut(this.first(parent), node));
    this.nodes.release(node);
    return parent;
  }

  private bucketOf(parent: number, key: number): number {
    const mixed = Math.imul(Math.imul(parent, 0x9e3779b1) ^ key, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & (this.buckets.length - 1);
  }

  /** Doubles the buckets and puts every node that has a parent into its new one. */
  private rehash(): void {
    const old = this.buckets;
    this.buckets = new Int32Array(old.length * 2).fill(NONE);
    for (let head of old) {
      while (head !== NONE) {
        const following = this.nodes.get(head, CHAIN);
        const bucket = this.bucketOf(this.nodes.get(head, PARENT), this.key(head));
        this.nodes.set(head, CHAIN, this.buckets[bucket] ?? NONE);
        this.buckets[bucket] = head;
        head = following;
      }
    }
  }
}
