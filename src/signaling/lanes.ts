import type { ClientEventName } from '../protocol';

/**
 * Requests of one socket that depend on each other are handled in order; these are the groups. `handshake`:
 * everything waits for it. `independent` requests wait for the handshake only. They can take long, so nothing waits
 * for them, and they may not wait either: a block takes effect before a search that the client asks for after it.
 */
export type Lane = 'handshake' | 'call' | 'chat' | 'line' | 'independent';

const LANES: Readonly<Record<ClientEventName, Lane>> = {
  hello: 'handshake',
  ping: 'independent',
  find_partner: 'call',
  cancel_search: 'call',
  next_partner: 'call',
  leave_room: 'call',
  accept_partner: 'call',
  call_media_ready: 'call',
  chat_message: 'chat',
  typing: 'chat',
  message_delivered: 'chat',
  message_read: 'chat',
  line_open: 'line',
  line_connect: 'line',
  line_produce: 'line',
  line_unproduce: 'line',
  line_ready: 'line',
  line_restart_ice: 'line',
  line_close: 'line',
  media_state: 'line',
  chat_history: 'independent',
  report_user: 'independent',
  block_user: 'independent',
};

export const laneOf = (event: ClientEventName): Lane => LANES[event];

/**
 * The requests of one socket that are being handled or wait. An empty lane is removed, because very many sockets are
 * open for a long time.
 */
export class RequestLanes {
  private readonly tails = new Map<Lane, Promise<void>>();

  /** Runs `task` when the earlier requests of its lane, and the handshake, have settled. `task` must not reject. */
  run(lane: Lane, task: () => Promise<void>): Promise<void> {
    const before = lane === 'handshake' ? [...this.tails.values()] : this.tailsBefore(lane);
    const done = Promise.all(before).then(task);
    this.tails.set(lane, done);
    return done.finally(() => {
      if (this.tails.get(lane) === done) this.tails.delete(lane);
    });
  }

  private tailsBefore(lane: Lane): Promise<void>[] {
    const own = lane === 'independent' ? undefined : this.tails.get(lane);
    return [this.tails.get('handshake'), own].filter((tail) => tail !== undefined);
  }
}
