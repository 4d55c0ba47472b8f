import { Headcount, type GuestRoom } from '../../domain/guest-limits';
import { userIdOf } from '../../domain/users';
import { MODES, type ServerMessage, type Stats } from '../../protocol';
import type { PeerRegistry } from './peer-registry';
import type { Clock } from '../ports/clock';
import { SlicedIteration } from '../ports/sliced-iteration';

/** Peers are counted at most this often, however often the counts are read and however many come and go (S7). */
const FRESH_MS = 1000;

/** Where no address is crowded. */
const ROOM_FOR_ALL: GuestRoom = { address: Infinity, subnet: Infinity };

/** Counts peers by what they are doing. */
export class LiveStats {
  private stats: Stats | undefined;
  private countedAt = -Infinity;
  private lastSent: string | undefined;
  private readonly sending = new SlicedIteration();

  constructor(
    private readonly peers: PeerRegistry,
    private readonly clock: Clock,
    /** The peers of the other nodes, from the last heartbeats of these nodes. */
    private readonly elsewhere: () => readonly Stats[] = () => [],
    private readonly room: GuestRoom = ROOM_FOR_ALL,
  ) {}

  /** Users with a socket at this node, however many come from one address. */
  users(): number {
    const here = [...this.peers.all()].filter(({ isHere }) => isHere);
    return new Set(here.map(({ id }) => userIdOf(id))).size;
  }

  /** The peers of this node alone. Of those who are `online`, each address counts for no more than there is room for. */
  here(): Stats {
    return this.count();
  }

  now(): Stats {
    const now = this.clock.elapsed();
    if (this.stats === undefined || now - this.countedAt >= FRESH_MS) {
      this.stats = [this.count(), ...this.elsewhere()].reduce(sum);
      this.countedAt = now;
    }
    return this.stats;
  }

  /** Sends the counts to all peers of this node if they have changed. To be called every second. */
  broadcast(): void {
    if (this.sending.isRunning) return;
    const message: ServerMessage = { event: 'stats', data: this.now() };
    const text = JSON.stringify(message.data);
    if (text === this.lastSent) return;
    this.lastSent = text;
    this.sending.run(this.peers.all(), (peer) => peer.send(message));
  }

  close(): void {
    this.sending.close();
  }

  private count(): Stats {
    const searchingBy: Stats['searchingBy'] = { video: 0, audio: 0, text: 0 };
    const stats: Stats = { total: 0, online: 0, searching: 0, searchingBy, connected: 0 };
    const here = new Set<string>();
    const online = new Headcount(this.room);
    for (const { id, isHere, state, addressHash, origin } of this.peers.all()) {
      stats.total += 1;
      if (isHere && !here.has(userIdOf(id))) {
        here.add(userIdOf(id));
        online.add({ address: addressHash, subnet: origin?.subnet ?? null });
      }
      if (state.kind === 'in_call') stats.connected += 1;
      if (state.kind === 'searching' && state.queued) searchingBy[state.wishes.mode] += 1;
    }
    stats.online = online.total;
    stats.searching = MODES.reduce((sum, mode) => sum + searchingBy[mode], 0);
    return stats;
  }
}

function sum(one: Stats, other: Stats): Stats {
  return {
    total: one.total + other.total,
    online: one.online + other.online,
    searching: one.searching + other.searching,
    searchingBy: {
      video: one.searchingBy.video + other.searchingBy.video,
      audio: one.searchingBy.audio + other.searchingBy.audio,
      text: one.searchingBy.text + other.searchingBy.text,
    },
    connected: one.connected + other.connected,
  };
}
