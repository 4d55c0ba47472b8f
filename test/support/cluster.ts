import { Membership, type Heartbeat } from '../../src/app/cluster/membership';
import { NodeMessenger } from '../../src/app/cluster/node-messenger';
import type { LivenessHost, Silences } from '../../src/app/cluster/ports/node-liveness';
import { MemoryBus, type MemoryBusHub } from '../../src/memory/bus';
import { MemoryLivenessHub, MemoryNodeLiveness } from '../../src/memory/node-liveness';
import type { ManualClock } from './manual-clock';

/** The heartbeat of an idle node. */
export const QUIET: Omit<Heartbeat, 'incarnation'> = {
  region: 'local',
  role: 'all',
  draining: false,
  lines: 0,
  workers: 1,
  total: 0,
  online: 0,
  connected: 0,
  calls: 0,
  searching: { video: 0, audio: 0, text: 0 },
  settings: {},
};

/** A bus that can be cut off and come back, as with Redis. */
export class FrailBus extends MemoryBus {
  isCut = false;
  /** What it sends to all nodes does not come in time, as from a node whose event loop is late. */
  isMute = false;

  override send(to: string, text: string): Promise<boolean> {
    return this.isCut ? Promise.reject(new Error('the bus is away')) : super.send(to, text);
  }

  override async sendToAll(text: string): Promise<void> {
    if (this.isMute) return;
    return this.isCut ? Promise.reject(new Error('the bus is away')) : super.sendToAll(text);
  }
}

/** Signs of life that do not come while the bus is cut off, as when both are in one Redis. */
export class FrailLiveness extends MemoryNodeLiveness {
  host: LivenessHost | undefined;

  constructor(
    self: string,
    clock: ManualClock,
    hub: MemoryLivenessHub,
    private readonly bus: FrailBus,
  ) {
    super(self, clock, hub);
  }

  override start(host: LivenessHost): void {
    this.host = host;
    super.start(host);
  }

  protected override send(host: LivenessHost): void {
    if (!this.bus.isCut) super.send(host);
  }

  override silences(nodes: readonly string[]): Promise<Silences> {
    return this.bus.isCut ? Promise.reject(new Error('the store is away')) : super.silences(nodes);
  }
}

/** The part of a node that other nodes receive messages from. */
export async function clusterNode(
  address: string,
  hub: MemoryBusHub,
  clock: ManualClock,
  signs = new MemoryLivenessHub(),
) {
  const bus = new FrailBus(address, hub);
  const errors: unknown[] = [];
  const liveness = new FrailLiveness(address, clock, signs, bus);
  const messenger = new NodeMessenger({ bus, clock, reportError: (error) => void errors.push(error) });
  const membership = new Membership({ messenger, liveness, clock, own: () => QUIET });
  const died: string[] = [];
  const joined: string[] = [];
  membership.on({ died: (node) => void died.push(node), joined: (node) => void joined.push(node) });
  await messenger.open();
  membership.start();
  return { bus, liveness, messenger, membership, died, joined, errors };
}
