/// <reference lib="dom" />
/** Runs in the browser: makes it late, forgetful or disobedient where pictures are sent. */

/** A seeded generator, so that a run can be repeated (mulberry32). */
export class Chance {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  upTo(most: number): number {
    return Math.floor(this.next() * (most + 1));
  }

  of<T>(items: readonly [T, ...T[]]): T {
    return items[this.upTo(items.length - 1)] ?? items[0];
  }
}

const SLOW_MS = 250;
const VERY_SLOW_MS = 2_500;

export class FaultyBrowser {
  /** For how long requests were held back so far (ms). */
  heldMs = 0;
  /** How many requests failed so far. */
  failed = 0;
  private readonly emptied = new WeakSet<RTCRtpSender>();

  constructor(private readonly chance: Chance) {}

  install(): void {
    this.disturbSenders();
    this.disturbProduce();
  }

  /** Holds a request back, or lets it fail before or after it took effect. */
  private async pass<T>(request: () => Promise<T>): Promise<T> {
    const { chance } = this;
    const ms = chance.happens(0.5) ? 0 : chance.happens(0.05) ? VERY_SLOW_MS : chance.upTo(SLOW_MS);
    const failsBefore = chance.happens(0.06);
    const failsAfter = chance.happens(0.06);
    const isEarly = chance.happens(0.3);
    this.heldMs += ms;
    const early = isEarly && !failsBefore ? request() : undefined;
    early?.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (failsBefore || failsAfter) this.failed += 1;
    if (failsBefore) throw new DOMException('refused by the test', 'OperationError');
    const done = await (early ?? request());
    if (failsAfter) throw new DOMException('refused by the test', 'OperationError');
    return done;
  }

  private disturbSenders(): void {
    const { prototype } = RTCRtpSender;
    const { getParameters, setParameters, replaceTrack } = prototype;
    const pass = <T>(request: () => Promise<T>): Promise<T> => this.pass(request);
    const { chance, emptied } = this;
    prototype.getParameters = function (this: RTCRtpSender): RTCRtpSendParameters {
      const parameters = getParameters.call(this);
      if (emptied.has(this)) parameters.encodings = [];
      return parameters;
    };
    prototype.setParameters = function (this: RTCRtpSender, parameters): Promise<void> {
      if (chance.happens(0.05)) {
        emptied.add(this);
        setTimeout(() => emptied.delete(this), 20);
      }
      return pass(async () => {
        // A browser that was asked for its parameters again in the meantime takes only the newest ones.
        const current = getParameters.call(this);
        current.encodings.forEach((encoding, layer) => Object.assign(encoding, parameters.encodings[layer]));
        await setParameters.call(this, current);
      });
    };
    prototype.replaceTrack = function (this: RTCRtpSender, track): Promise<void> {
      return this.track?.kind === 'audio' || track?.kind === 'audio'
        ? replaceTrack.call(this, track)
        : pass(() => replaceTrack.call(this, track));
    };
  }

  /** The request for a producer goes over the socket: it is late, or refused for what it says. */
  private disturbProduce(): void {
    const { prototype } = WebSocket;
    const { send } = prototype;
    const { chance } = this;
    const held = (ms: number): void => void (this.heldMs += ms);
    const failed = (): void => void (this.failed += 1);
    prototype.send = function (this: WebSocket, data: string): void {
      if (!data.includes('"line_produce"')) return send.call(this, data);
      const ms = chance.upTo(SLOW_MS);
      held(ms);
      const isRefused = chance.happens(0.05);
      if (isRefused) failed();
      const text = isRefused ? data.replace('"kind":"video"', '"kind":"smell"') : data;
      setTimeout(() => this.readyState === WebSocket.OPEN && send.call(this, text), ms);
    };
  }
}
