import { setTimeout as sleep } from 'node:timers/promises';
import type { Ticket } from '../../../src/domain/pairing';
import { loadPeer } from '../../support/peers';
import type { Matchmaker } from './arrivals';

/** What of Colyseus is used here; it is no dependency, so its own types are not there. */
interface Reservation {
  readonly roomId: string;
}
interface Room {
  maxClients: number;
  patchRate: number | null;
  disconnect(): Promise<unknown>;
}
interface MatchMaker {
  readonly processId: string;
  setup(presence: unknown, driver: unknown, address: undefined, select: () => Promise<string>): Promise<void>;
  accept(): Promise<void>;
  defineRoomType(name: string, room: new () => Room): { filterBy(fields: string[]): unknown };
  joinOrCreate(name: string, options: object): Promise<Reservation>;
  getLocalRoomById(roomId: string): Room | undefined;
}
interface Core {
  readonly matchMaker: MatchMaker;
  readonly Room: new () => Room;
}
type Adapter = new (url: string) => unknown;

const NAME = 'pair';
/** How long somebody whom Colyseus turns away waits until they ask again. */
const AGAIN_MS = 5;

/**
 * Colyseus with its Redis driver and presence: `joinOrCreate` of a room with two seats, asked in process, as if sockets
 * cost nothing. In its favour: any two may meet, rooms are made where they are asked for and patch nothing, and a room
 * whose two seats are given is taken away at once, so that few are ever listed. Each look for a room reads them all.
 *
 * Whoever comes second has a partner waiting: their wait, from asking until their seat is given, is what counts.
 */
export class Rooms implements Matchmaker {
  /** With more at once it is slower: several find the same seat, and all but one of them have to ask again. */
  readonly mostAtOnce = 1;
  readonly counts = 'second';
  onPair: (ticketIds: readonly string[]) => void = () => undefined;
  private readonly seated = new Map<string, string[]>();
  private closed = false;

  private constructor(
    private readonly matchMaker: MatchMaker,
    private readonly region: string,
  ) {}

  static async open(folder: string, url: string, region: string): Promise<Rooms> {
    // It tells of its health checks on every start.
    console.debug = () => undefined;
    const { matchMaker, Room: RoomClass } = loadPeer<Core>(folder, '@colyseus/core');
    const { RedisDriver } = loadPeer<{ RedisDriver: Adapter }>(folder, '@colyseus/redis-driver');
    const { RedisPresence } = loadPeer<{ RedisPresence: Adapter }>(folder, '@colyseus/redis-presence');
    class Pair extends RoomClass {
      override maxClients = 2;
      override patchRate = null;
    }
    await matchMaker.setup(new RedisPresence(url), new RedisDriver(url), undefined, () =>
      Promise.resolve(matchMaker.processId),
    );
    matchMaker.defineRoomType(NAME, Pair).filterBy(['region']);
    await matchMaker.accept();
    return new Rooms(matchMaker, region);
  }

  /** Resolves with a seat, asking again where Colyseus gives up (it tries five times itself). */
  async add(ticket: Ticket): Promise<void> {
    while (!this.closed) {
      try {
        const { roomId } = await this.matchMaker.joinOrCreate(NAME, { region: this.region });
        this.sit(roomId, ticket.id);
        return;
      } catch {
        await sleep(AGAIN_MS);
      }
    }
  }

  /** The process ends with it, and its connections with that. */
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  private sit(roomId: string, ticketId: string): void {
    const seated = [...(this.seated.get(roomId) ?? []), ticketId];
    this.seated.set(roomId, seated);
    if (seated.length < 2) return;
    // A third one in a room would be matched twice with somebody: it is told as such.
    this.onPair(seated);
    void this.matchMaker.getLocalRoomById(roomId)?.disconnect();
  }
}
