import type { BanStore } from '../../src/app/bans/ban-store';
import type { Lifting } from '../../src/app/bans/lifted-bans';
import { BanMemory } from '../../src/app/bans/ban-memory';
import { Bans } from '../../src/app/bans/bans';
import type { NodeMessengerEvents } from '../../src/app/cluster/node-messenger';
import { PeerRegistry } from '../../src/app/peers/peer-registry';
import { holds, type Ban, type BanSubject } from '../../src/domain/bans';
import { DomainError } from '../../src/domain/error';
import { MemoryBusHub } from '../../src/memory/bus';
import { clusterNode } from './cluster';
import { ManualClock } from './manual-clock';

/** Bans as the records keep them. */
export class MemoryBanStore implements BanStore {
  readonly bans = new Map<string, Ban>();
  isAway = false;
  puts = 0;
  /** How often it was asked about somebody. */
  asked = 0;

  async holding(
    now: number,
    { after, limit }: { readonly after: string | null; readonly limit: number },
  ): Promise<Ban[]> {
    this.assertHere();
    return [...this.bans.values()]
      .filter((ban) => holds(ban, now) && (after === null || ban.id > after))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .slice(0, limit);
  }

  async latest(limit: number, before?: Pick<Ban, 'id' | 'createdAt'>): Promise<Ban[]> {
    this.assertHere();
    const all = this.newestFirst();
    const from = before === undefined ? 0 : all.findIndex(({ id }) => id === before.id) + 1;
    return all.slice(from, from + limit);
  }

  async lifted(limit: number): Promise<Lifting[]> {
    this.assertHere();
    return [...this.bans.values()]
      .flatMap(({ id, liftedAt }) => (liftedAt === null ? [] : [{ id, at: liftedAt }]))
      .sort((one, other) => other.at - one.at)
      .slice(0, limit);
  }

  async about(subjects: readonly BanSubject[], since: number): Promise<Ban[]> {
    this.assertHere();
    this.asked += 1;
    const marks = new Set(subjects.map(({ kind, mark }) => `${kind} ${mark}`));
    return this.newestFirst().filter(
      (ban) => ban.createdAt >= since && ban.subjects.some(({ kind, mark }) => marks.has(`${kind} ${mark}`)),
    );
  }

  async get(id: string): Promise<Ban | null> {
    this.assertHere();
    return this.bans.get(id) ?? null;
  }

  async put(ban: Ban): Promise<void> {
    this.assertHere();
    this.puts += 1;
    const known = this.bans.get(ban.id);
    const all = [...(known?.subjects ?? []), ...ban.subjects];
    const subjects = [...new Map(all.map((subject) => [JSON.stringify(subject), subject])).values()];
    this.bans.set(ban.id, { ...(known ?? ban), subjects });
  }

  async lift(id: string, at: number): Promise<void> {
    this.assertHere();
    const known = this.bans.get(id);
    if (known?.liftedAt === null) this.bans.set(id, { ...known, liftedAt: at });
  }

  private newestFirst(): Ban[] {
    return [...this.bans.values()].sort(
      (one, other) => other.createdAt - one.createdAt || (one.id < other.id ? 1 : -1),
    );
  }

  private assertHere(): void {
    if (this.isAway) throw new DomainError('records_unavailable', 'the records are away');
  }
}

/** An installation whose nodes know bans. Nodes that are given the same store share their records. */
export function banScene() {
  const [clock, hub] = [new ManualClock(), new MemoryBusHub()];
  const node = async (name: string, store = new MemoryBanStore(), room?: number) => {
    const one = await clusterNode(name, hub, clock);
    const restored: (() => void)[] = [];
    const messenger = Object.assign(Object.create(one.messenger) as typeof one.messenger, {
      on: (listener: Partial<NodeMessengerEvents>) => void restored.push(() => listener.restored?.()),
    });
    const errors: unknown[] = [];
    const peers = new PeerRegistry(clock, { dropped: 1000, pageClosed: 1000 });
    const reportError = (error: unknown): void => void errors.push(error);
    const bans = new Bans({
      ...{ store, peers, messenger, membership: one.membership, clock, reportError },
      memory: new BanMemory(room),
    });
    const restore = (): void => restored.forEach((listener) => listener());
    return { ...one, store, bans, peers, errors, restore };
  };
  const ban = (id: string, changes: Partial<Ban> = {}): Ban => ({
    id,
    subjects: [{ kind: 'user', mark: 'ada' }],
    follows: ['device'],
    reason: 'spam',
    note: '',
    by: 'operator',
    createdAt: clock.now(),
    endsAt: null,
    liftedAt: null,
    ...changes,
  });
  return { clock, node, ban };
}
