import { BlockArena } from './block-arena';
import { OWN, RingTable } from './ring-table';
import { NONE, Table } from './table';

const PARENT = 0;
const KEY = 1;
/** The next node in the same bucket of the table of nodes. */
const CHAIN = 2;
/** Its index among the children of its parent. */
const INDEX = 3;
/** Roots and branches: how many children, where they are, and with which of them the next search begins. */
const COUNT = 4;
const BLOCK = 5;
const SIZE = 6;
const BEGIN = 7;
/** Leaves: the first entry. */
const FIRST = BLOCK;

const LEAF = OWN;
const SLOT = OWN + 1;
const SIBLING = OWN + 2;

/** How far from either end of a list a place is looked for by waiting time. */
const PLACE_REACH = 16;

/**
 * The lists of the index: roots (a facet such as "interest: music"), below them branches (a class in a step),
 * below these leaves (a kind), which hold entries for tickets, longest wait first. Only what holds a ticket
 * exists. All links are numbers, so adding and taking out cost the same however many wait.
 *
 * A search that stops early says where, and the next one begins there, so that no ticket is always behind those that
 * are looked at first.
 */
export class Forest {
  private readonly nodes = new Table(8);
  private readonly children = new BlockArena();
  private readonly entries = new RingTable(3);
  private buckets = new Int32Array(64).fill(NONE);

  /** `sinceOf` tells since when a ticket waits; `rootEmptied` is called for a root whose last ticket has gone. */
  constructor(
    private readonly sinceOf: (slot: number) => number,
    private readonly rootEmptied: (root: number) => void,
  ) {}

  addRoot(): number {
    return this.addNode(NONE, NONE);
  }

  releaseRoot(root: number): void {
    this.releaseNode(root);
  }

  /** How many children a root or branch has. */
  count(node: number): number {
    return this.nodes.get(node, COUNT);
  }

  /** The index of the child with which a search begins; it goes on after the last one with the first. */
  beginOf(node: number): number {
    const begin = this.nodes.get(node, BEGIN);
    return begin < this.count(node) ? begin : 0;
  }

  /** Lets the next search begin with this child. */
  beginWith(node: number, index: number): void {
    this.nodes.set(node, BEGIN, index);
  }

  childKey(node: number, index: number): number {
    return this.children.key(this.nodes.get(node, BLOCK), index);
  }

  childAt(node: number, index: number): number {
    return this.children.value(this.nodes.get(node, BLOCK), index);
  }

  firstEntry(leaf: number): number {
    return this.nodes.get(leaf, FIRST);
  }

  nextEntry(entry: number): number {
    return this.entries.next(entry);
  }

  slotOf(entry: number): number {
    return this.entries.get(entry, SLOT);
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
      if (this.nodes.get(branch, KEY) !== from) continue;
      const root = this.nodes.get(branch, PARENT);
      const leafKey = this.nodes.get(leaf, KEY);
      // The new place is made first, so that the root is never empty between the two.
      const target = this.child(this.child(root, to), leafKey);
      this.detach(entry);
      this.place(entry, target);
    }
  }

  private place(entry: number, leaf: number): void {
    this.entries.set(entry, LEAF, leaf);
    const first = this.firstEntry(leaf);
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
   * The entry before which a ticket belongs that waits since then; `first` for the ends. Tickets mostly arrive in the
   * order of their waiting time. A ticket that was put back and belongs far from both ends comes early rather than
   * late: no rule depends on the order, only which tickets are looked at first.
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
    const first = this.entries.takeOut(this.firstEntry(leaf), entry);
    this.nodes.set(leaf, FIRST, first);
    if (first !== NONE) return;
    const branch = this.removeNode(leaf);
    if (this.count(branch) > 0) return;
    const root = this.removeNode(branch);
    if (this.count(root) === 0) this.rootEmptied(root);
  }

  /** The child with this key, made when it is missing. */
  private child(parent: number, key: number): number {
    const bucket = this.bucketOf(parent, key);
    for (let node = this.buckets[bucket] ?? NONE; node !== NONE; node = this.nodes.get(node, CHAIN)) {
      if (this.nodes.get(node, PARENT) === parent && this.nodes.get(node, KEY) === key) return node;
    }
    const node = this.addNode(parent, key);
    if (this.nodes.rows > this.buckets.length) this.rehash();
    const owner = this.bucketOf(parent, key);
    this.nodes.set(node, CHAIN, this.buckets[owner] ?? NONE);
    this.buckets[owner] = node;
    this.appendChild(parent, key, node);
    return node;
  }

  private addNode(parent: number, key: number): number {
    const node = this.nodes.allocate();
    this.nodes.set(node, PARENT, parent);
    this.nodes.set(node, KEY, key);
    this.nodes.set(node, COUNT, 0);
    this.nodes.set(node, BLOCK, NONE);
    this.nodes.set(node, BEGIN, 0);
    return node;
  }

  private appendChild(parent: number, key: number, node: number): void {
    const count = this.count(parent);
    let block = this.nodes.get(parent, BLOCK);
    const size = this.nodes.get(parent, SIZE);
    if (block === NONE) {
      block = this.children.allocate(0);
      this.nodes.set(parent, SIZE, 0);
      this.nodes.set(parent, BLOCK, block);
    } else if (count === 1 << size) {
      block = this.children.enlarge(block, size, count);
      this.nodes.set(parent, SIZE, size + 1);
      this.nodes.set(parent, BLOCK, block);
    }
    this.children.set(block, count, key, node);
    this.nodes.set(node, INDEX, count);
    this.nodes.set(parent, COUNT, count + 1);
  }

  /** The last child takes the place of the one that goes. */
  private dropChild(parent: number, index: number): void {
    const last = this.count(parent) - 1;
    const block = this.nodes.get(parent, BLOCK);
    if (index !== last) {
      const moved = this.children.value(block, last);
      this.children.set(block, index, this.children.key(block, last), moved);
      this.nodes.set(moved, INDEX, index);
    }
    this.nodes.set(parent, COUNT, last);
  }

  /** Takes an empty node out and answers with its parent. */
  private removeNode(node: number): number {
    const parent = this.nodes.get(node, PARENT);
    const bucket = this.bucketOf(parent, this.nodes.get(node, KEY));
    const chain = this.nodes.get(node, CHAIN);
    let before = this.buckets[bucket] ?? NONE;
    if (before === node) {
      this.buckets[bucket] = chain;
    } else {
      while (this.nodes.get(before, CHAIN) !== node) before = this.nodes.get(before, CHAIN);
      this.nodes.set(before, CHAIN, chain);
    }
    this.dropChild(parent, this.nodes.get(node, INDEX));
    this.releaseNode(node);
    return parent;
  }

  private releaseNode(node: number): void {
    const block = this.nodes.get(node, BLOCK);
    if (block !== NONE) this.children.release(block, this.nodes.get(node, SIZE));
    this.nodes.release(node);
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
        const bucket = this.bucketOf(this.nodes.get(head, PARENT), this.nodes.get(head, KEY));
        this.nodes.set(head, CHAIN, this.buckets[bucket] ?? NONE);
        this.buckets[bucket] = head;
        head = following;
      }
    }
  }
}
