import type { LivenessHost, NodeLiveness, Silences } from '../app/cluster/ports/node-liveness';
import type { NodeAddress } from '../app/ports/bus';
import type { Clock } from '../app/ports/clock';
import { mayHaveBeenDeclaredDead } from '../domain/failure-detection';

const SEND_MS = 250;

/** The signs of life of the nodes of one process: an only node has its own, and tests put several nodes together. */
export class MemoryLivenessHub {
  readonly signs = new Map<NodeAddress, { readonly since: number; readonly at: number }>();
}

export class MemoryNodeLiveness implements NodeLiveness {
  private stop: (() => void) | undefined;

  constructor(
    private readonly self: NodeAddress,
    private readonly clock: Clock,
    private readonly hub = new MemoryLivenessHub(),
  ) {}

  /** An only node that is not well has nobody who could take over, so its signs go on. */
  start(host: LivenessHost): void {
    this.send(host);
    this.stop ??= this.clock.every(SEND_MS, () => this.send(host));
  }

  async silences(nodes: readonly NodeAddress[]): Promise<Silences> {
    const now = this.clock.elapsed();
    const asked = new Map([this.self, ...nodes].map((node) => [node, this.hub.signs.get(node)]));
    const watched = [...asked.values()].flatMap((sign) =>
      sign === undefined || mayHaveBeenDeclaredDead(now - sign.at) ? [] : [now - sign.since],
    );
    return {
      watchedMs: watched.length === 0 ? null : Math.max(...watched),
      silentMs: (node) => {
        const sign = asked.get(node);
        return sign === undefined ? null : now - sign.at;
      },
    };
  }

  async close(): Promise<void> {
    this.stop?.();
    this.hub.signs.delete(this.self);
  }

  protected send(host: Pick<LivenessHost, 'onLapse'>): void {
    const now = this.clock.elapsed();
    const last = this.hub.signs.get(this.self);
    const isLapse = last !== undefined && mayHaveBeenDeclaredDead(now - last.at);
    this.hub.signs.set(this.self, { since: last === undefined || isLapse ? now : last.since, at: now });
    if (isLapse) host.onLapse();
  }
}
