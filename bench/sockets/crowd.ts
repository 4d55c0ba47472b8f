import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { RequestSocket } from '../../test/support/client/request-socket';
import { quantile } from '../support/quantile';
import { CODECS, type Codec, type CodecName } from './codecs';

export interface CrowdTask {
  readonly codec: CodecName;
  readonly origin: string;
  readonly count: number;
  /** Sockets opened a second. */
  readonly perSecond: number;
}

/** What a crowd is told to do once it is there. */
export type Order =
  | { readonly order: 'ask'; readonly seconds: number; readonly everyMs: number }
  | { readonly order: 'stay'; readonly seconds: number; readonly comingAndGoing: number }
  | { readonly order: 'leave' };

export interface Arrived {
  readonly greeted: number;
  /** Sockets that had to be opened a second time, since the server was too late for the first. */
  readonly again: number;
  readonly tookMs: number;
}

export interface Replies {
  readonly asked: number;
  readonly answered: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** How late this process itself was at most in 99 of 100 looks (ms): no reply can be told apart finer. */
  readonly ownDelay: number;
  readonly open: number;
}

const HANDSHAKE_MS = 60_000;
const TRIES = 3;
/** Addresses of loopback that sockets come from, since one has only some 28,000 ports. */
const SOCKETS_AN_ADDRESS = 20_000;
const SHARES = { half: 0.5, nearlyAll: 0.99, all: 1 };

/** One person with the lowest layer of the test clients: a socket and the requests on it. */
class Client {
  readonly connected: Promise<void>;
  readonly socket: RequestSocket<null>;

  constructor(
    private readonly codec: Codec,
    origin: string,
    localAddress: string,
    private readonly answered: (ms: number) => void,
  ) {
    let settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
    this.connected = new Promise((resolve, reject) => (settle = { resolve, reject }));
    this.connected.catch(() => undefined);
    this.socket = new RequestSocket<null>(
      `${origin}${codec.path}`,
      { localAddress },
      {
        opened: () => {
          if (codec.first !== null) this.socket.sendFrame(codec.first);
        },
        frame: (text) => this.receive(text, () => settle?.resolve()),
        closed: (code) => settle?.reject(this.socket.error ?? new Error(`closed with ${code}`)),
      },
    );
  }

  request(): void {
    this.socket.sendFrame(this.codec.request(this.socket.track(null)));
  }

  private receive(text: string, connected: () => void): void {
    const decoded = this.codec.decode(text);
    if (decoded === undefined) return;
    if (decoded === 'connected') connected();
    else if ('answer' in decoded) this.socket.sendFrame(decoded.answer);
    else {
      const request = this.socket.take(decoded.reply);
      if (request !== undefined) this.answered(performance.now() - request.sentAt);
    }
  }
}

/** Many clients in one process, which has nothing else to do. */
class Crowd {
  private readonly clients: Client[] = [];
  private times: number[] = [];

  constructor(private readonly task: CrowdTask) {}

  async arrive(): Promise<Arrived> {
    const { count, perSecond } = this.task;
    const start = performance.now();
    while (this.clients.length < count) {
      const due = Math.min(count, Math.ceil(((performance.now() - start) * perSecond) / 1000));
      while (this.clients.length < due) this.clients.push(this.comer(this.clients.length));
      await sleep(5);
    }
    const late = sleep(HANDSHAKE_MS).then(() => {
      throw new Error('not everybody was greeted in time');
    });
    const again = await Promise.race([Promise.all(this.clients.map((_, place) => this.settle(place))), late]);
    return {
      greeted: this.clients.length,
      again: again.reduce((sum, tries) => sum + tries, 0),
      tookMs: performance.now() - start,
    };
  }

  /** Until this one is greeted; answers with how many sockets that took beyond the first. */
  private async settle(place: number): Promise<number> {
    for (let tries = 0; ; tries++) {
      try {
        await this.clients[place]?.connected;
        return tries;
      } catch (error) {
        if (tries === TRIES) throw error;
        await sleep(500);
        this.clients[place] = this.comer(place);
      }
    }
  }

  /** Everybody asks once in a while, at moments spread evenly. */
  async ask(seconds: number, everyMs: number): Promise<Replies> {
    this.times = [];
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const start = performance.now();
    const gap = everyMs / this.clients.length;
    let asked = 0;
    while (performance.now() - start < seconds * 1000) {
      const due = (performance.now() - start) / gap;
      for (; asked < due; asked++) this.clients[asked % this.clients.length]?.request();
      await sleep(1);
    }
    await sleep(2_000);
    delay.disable();
    return {
      asked,
      answered: this.times.length,
      p50: quantile(this.times, SHARES.half),
      p99: quantile(this.times, SHARES.nearlyAll),
      most: quantile(this.times, SHARES.all),
      ownDelay: delay.percentile(99) / 1e6,
      open: this.open,
    };
  }

  /** Nobody says anything; so many leave in one second and others come in the next, so that the number changes. */
  async stay(seconds: number, comingAndGoing: number): Promise<{ open: number }> {
    let next = 0;
    for (let second = 0; second < seconds; second += 2) {
      const places = Array.from({ length: comingAndGoing }, () => next++ % this.clients.length);
      for (const place of places) this.clients[place]?.socket.close(1000);
      await sleep(1_000);
      for (const place of places) this.clients[place] = this.comer(place);
      await sleep(1_000);
    }
    return { open: this.open };
  }

  leave(): void {
    for (const { socket } of this.clients) socket.terminate();
  }

  private get open(): number {
    return this.clients.filter(({ socket }) => socket.isOpen).length;
  }

  private comer(place: number): Client {
    const localAddress = `127.0.0.${1 + Math.floor(place / SOCKETS_AN_ADDRESS)}`;
    return new Client(CODECS[this.task.codec], this.task.origin, localAddress, (ms) => this.times.push(ms));
  }
}

/** In a crowd's process: arrives as told, then follows orders. */
export function beCrowd(): void {
  process.once('message', (task: CrowdTask) => {
    const crowd = new Crowd(task);
    const fail = (error: unknown): void => {
      console.error(error);
      process.exit(1);
    };
    process.on('message', (order: Order) => {
      if (order.order === 'leave') {
        crowd.leave();
        process.send?.({}, undefined, {}, () => process.exit(0));
      } else if (order.order === 'ask') {
        crowd.ask(order.seconds, order.everyMs).then((replies) => process.send?.(replies), fail);
      } else {
        crowd.stay(order.seconds, order.comingAndGoing).then((stayed) => process.send?.(stayed), fail);
      }
    });
    crowd.arrive().then((arrived) => process.send?.(arrived), fail);
  });
}
